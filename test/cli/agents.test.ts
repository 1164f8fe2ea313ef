import { describe, expect, test } from 'vitest';
import type {
  AgentListView,
  AgentMetricsView,
  AgentView,
  RedistributionView,
} from '../../src/app/agents/agentInputs.js';
import type { NotificationListView } from '../../src/app/notifications/notificationInputs.js';
import { addTask } from '../store/addTask.js';
import { openStore } from '../support/stores.js';
import { Shell } from './shell.js';

function start(): Shell {
  const shell = new Shell({ env: { TM_AGENT_ID: 'ann' } });
  shell.say('init');
  return shell;
}

const as = (shell: Shell, agent: string) => shell.with({ env: { TM_AGENT_ID: agent } });
const agentsOf = (shell: Shell, ...args: string[]) => shell.json<AgentListView>('agent-list', ...args).agents;

describe('the register', () => {
  test('agent-register, agent-list, agent-status, and their names in the group', () => {
    const tm = start();
    const register = ['agent-register', 'api-1', 'API agent', '--type', 'backend', '--capabilities', 'api,database'];
    expect(tm.run(...register)).toEqual({ code: 0, stdout: "✅ Agent 'api-1' registered successfully\n", stderr: '' });
    tm.say('agent', 'register', 'web-1', 'Web agent');
    expect(tm.say('agent-list').split('\n').slice(0, 4)).toEqual([
      'ID                   Name                           Type            Status',
      '-'.repeat(75),
      'api-1                API agent                      backend         active',
      'web-1                Web agent                      general         active',
    ]);
    expect(tm.run('agent', 'list').stdout).toBe(tm.run('agent-list').stdout);
    expect(tm.say('agent-status', 'api-1').split('\n').slice(0, 6)).toEqual([
      'Agent: API agent (api-1)',
      'Type: backend',
      'Status: active',
      'Capabilities: api, database',
      'Load: 0%',
      'Active Tasks: 0',
    ]);
    tm.say('agent-register', 'api-1', 'API agent 2', '--status', 'inactive');
    expect(tm.json<{ agent: AgentView }>('agent', 'status', 'api-1').agent).toMatchObject({
      name: 'API agent 2',
      type: 'backend',
      capabilities: ['api', 'database'],
      status: 'inactive',
    });
    expect(agentsOf(tm, '--status', 'active').map(({ id }) => id)).toEqual(['web-1']);
    expect(agentsOf(tm, '--type', 'backend').map(({ id }) => id)).toEqual(['api-1']);
    expect(tm.run('agent-list', '--type', 'none')).toEqual({ code: 0, stdout: '', stderr: 'No agents found\n' });
    tm.say('agent', 'unregister', 'web-1');
    expect(tm.run('agent', 'unregister', 'web-1').code).toBe(3);
  });

  test('knows those too who only did something, and says what they are', () => {
    const tm = start();
    tm.say('add', 'One', '--assignee', 'carl');
    as(tm, 'bob').say('claim', '1');
    as(tm, 'dora').say('join', '1');
    expect(agentsOf(tm).map(({ id, status }) => [id, status])).toEqual(
      ['ann', 'bob', 'carl', 'dora'].map((id) => [id, 'unregistered']),
    );
    expect(agentsOf(tm, '--status', 'unregistered')[1]).toMatchObject({
      id: 'bob',
      claims: [tm.task('1').id],
      lastSeenAt: expect.any(String),
    });
    expect(as(tm, 'bob').say('agent-status')).toMatch(/^Agent: bob \(bob\)\n/);
  });

  test('refuses wrong input, and names the nearest agent for an unknown one', () => {
    const tm = start();
    tm.say('agent-register', 'bob', 'Bob');
    const before = tm.disk();
    expect(tm.run('agent-register', 'x').code).toBe(2);
    expect(tm.run('agent-register', 'broadcast', 'All').code).toBe(2);
    expect(tm.run('agent-register', ' ', 'Nobody').code).toBe(2);
    expect(tm.run('agent-register', 'a', 'A', '--capabilities', 'two words').code).toBe(2);
    expect(tm.run('agent-list', '--status', 'asleep').code).toBe(2);
    expect(tm.run('agent-status', 'bbo')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/Agent “bbo” not found.* Did you mean “bob”\?/),
    });
    expect(tm.run('agent-metrics', 'zoe').code).toBe(3);
    expect(tm.run('agent-metrics', 'bob', '--range', 'hourly').code).toBe(2);
    expect(tm.disk()).toEqual(before);
  });
});

describe('workload', () => {
  test('is 10 a task and 5 an hour, less 5 a task completed today; nothing on stderr', () => {
    const tm = start();
    expect(tm.run('agent-workload')).toEqual({ code: 0, stdout: '', stderr: 'No active agents found\n' });
    tm.say('agent-register', 'bob', 'Bob');
    for (const estimate of ['1', '2', '1.5']) tm.say('add', 'Task', '--assignee', 'bob', '--estimate', estimate);
    tm.say('complete', '1');
    expect(tm.run('agent-workload')).toEqual({
      code: 0,
      stdout: `Agent                Tasks      Hours      Load\n${'-'.repeat(50)}\nbob                  2          3.5        33%\n`,
      stderr: '',
    });
    expect(tm.json('agent', 'workload')).toEqual({
      workload: [{ agent: 'bob', status: 'active', tasks: 2, hours: 3.5, completedToday: 1, load: 32.5 }],
    });
  });

  test('agent-metrics says of how many tasks each number is', () => {
    const tm = start();
    tm.say('add', 'One', '--assignee', 'bob');
    tm.say('add', 'Two');
    tm.say('add', 'Three', '--assignee', 'bob');
    const bob = as(tm, 'bob');
    bob.say('start', '1');
    bob.say('complete', '1');
    bob.say('complete', '2');
    bob.say('share', '1', 'done');
    expect(tm.say('agent-metrics', 'bob', '--range', 'weekly').split('\n').slice(0, 4)).toEqual([
      'Performance Metrics for bob (weekly):',
      '  Completion Rate: 66.67% (of 3 tasks)',
      '  Tasks Completed: 2',
      '  Open Tasks: 1',
    ]);
    const { metrics } = tm.json<{ metrics: AgentMetricsView }>('agent', 'metrics', 'bob');
    expect(metrics).toMatchObject({
      completed: 2,
      shared: 1,
      averageHours: { n: 1 },
      estimateRatio: { value: null, n: 0 },
      quality: { value: null, n: 0 },
    });
    expect(tm.say('agent-metrics', 'ann')).toContain('  Completion Rate: no data\n');
  });
});

describe('redistribution', () => {
  function overloaded(): Shell {
    const tm = start();
    tm.say('agent-register', 'bob', 'Bob');
    tm.say('agent-register', 'cleo', 'Cleo', '--capabilities', 'sql');
    tm.say('agent-register', 'dave', 'Dave', '--status', 'inactive');
    for (let at = 1; at <= 10; at += 1)
      tm.say('add', `Task ${at}`, '--assignee', 'bob', ...(at === 4 ? ['--tag', 'sql'] : []));
    tm.say('start', '10');
    as(tm, 'bob').say('claim', '9');
    return tm;
  }

  test('shows what it would move, moves it, tells both, and can be undone', () => {
    const tm = overloaded();
    const before = tm.disk();
    const preview = tm.json<RedistributionView>('agent-redistribute', '--dry-run');
    expect(preview).toMatchObject({
      dryRun: true,
      threshold: 80,
      moves: [
        { name: 'T-4', from: 'bob', to: 'cleo', matches: ['sql'] },
        { name: 'T-8', from: 'bob', to: 'cleo', matches: [] },
      ],
      loads: [
        { agent: 'bob', before: 100, after: 80 },
        { agent: 'cleo', before: 0, after: 20 },
      ],
      overloaded: [],
    });
    expect(tm.disk()).toEqual(before);
    const run = tm.run('agent-redistribute');
    expect(run.stdout.split('\n').slice(-5)).toEqual([
      expect.stringMatching(/^\[[0-9a-f]{8}\] T-8 Task 8: bob → cleo$/),
      'bob: 100% → 80%',
      'cleo: 0% → 20%',
      '✅ Redistributed 2 tasks from overloaded agents',
      '',
    ]);
    expect(tm.list('assignee:cleo sort:number').tasks.map(({ name }) => name)).toEqual(['T-4', 'T-8']);
    expect(as(tm, 'cleo').say('notifications')).toContain('[REASSIGNED]: T-4 “Task 4” was moved to you from bob');
    expect(as(tm, 'bob').json<NotificationListView>('notifications').total).toBe(2);
    expect(tm.say('agent', 'redistribute', '--apply')).toBe('No tasks needed redistribution');
    tm.say('undo');
    expect(tm.list('assignee:cleo').total).toBe(0);
  });

  test('never moves what is begun or held, and says who has too much all the same', () => {
    const tm = overloaded();
    const run = tm.run('agent', 'redistribute', '--threshold', '10', '--apply');
    expect(tm.list('assignee:cleo').total).toBe(1);
    expect(run.stderr).toContain('Above 10% all the same: bob.');
    const all = ['erik', 'fay', 'gus', 'hal', 'ida', 'jon', 'kim', 'lea', 'max'];
    for (const agent of all) tm.say('agent-register', agent, agent);
    tm.say('agent', 'redistribute', '--threshold', '10');
    expect(tm.list('assignee:bob sort:number').tasks.map(({ name }) => name)).toEqual(['T-9', 'T-10']);
  });

  test('refuses a threshold that is none, and contradictions', () => {
    const tm = start();
    expect(tm.run('agent-redistribute', '--threshold', 'much').code).toBe(2);
    expect(tm.run('agent-redistribute', '--threshold', '101').code).toBe(2);
    expect(tm.run('agent-redistribute', '--dry-run', '--apply').code).toBe(2);
  });
});

describe('messages', () => {
  test('are sent, read by whom they are for, and marked by each', () => {
    const tm = start();
    for (const agent of ['bob', 'cleo']) tm.say('agent-register', agent, agent);
    expect(tm.run('agent-message', 'bob', 'cleo', 'API is ready', '--priority', 'high')).toEqual({
      code: 0,
      stdout: '✅ Message sent\n',
      stderr: '',
    });
    tm.say('message', 'broadcast', 'Release', 'at noon');
    const [bob, cleo] = [as(tm, 'bob'), as(tm, 'cleo')];
    expect(cleo.say('messages').split('\n')).toEqual([
      expect.stringMatching(/^[0-9a-f]{8} {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}\[MESSAGE\] from ann: Release at noon$/),
      expect.stringMatching(/ {2}\[MESSAGE\] from bob \(high\): API is ready$/),
    ]);
    expect(tm.run('messages')).toEqual({ code: 0, stdout: '', stderr: 'No messages\n' });
    expect(cleo.run('messages', 'read', '--all').stderr).toBe('2 marked as read\n');
    expect(cleo.run('messages', '--unread')).toEqual({ code: 0, stdout: '', stderr: 'No unread messages\n' });
    expect(cleo.json<NotificationListView>('messages').total).toBe(2);
    expect(bob.json<NotificationListView>('messages', '--unread').notifications).toMatchObject([
      { type: 'message', from: 'ann', message: 'Release at noon', read: false },
    ]);
    expect(tm.say('log')).toContain('agent.message');
  });

  test('to or from somebody unknown are refused; a repeated request sends once', () => {
    const tm = start();
    tm.say('agent-register', 'bob', 'Bob');
    const before = tm.disk();
    expect(tm.run('message', 'bbo', 'hi')).toMatchObject({ code: 3, stderr: expect.stringContaining('“bob”?') });
    expect(tm.run('agent-message', 'zoe', 'bob', 'hi').code).toBe(3);
    expect(tm.run('agent-message', 'bob', 'bob').code).toBe(2);
    expect(tm.run('message', 'bob', 'hi', '--priority', 'so-so').code).toBe(2);
    expect(tm.disk()).toEqual(before);
    const again = tm.with({ env: { TM_REQUEST_ID: 'r1' } });
    again.say('message', 'bob', 'hi');
    again.say('message', 'bob', 'hi');
    expect(as(tm, 'bob').json<NotificationListView>('messages').total).toBe(1);
  });
});

describe('notifications', () => {
  test('are read by each agent for itself: none is consumed for others, none is lost', async () => {
    const tm = start();
    tm.say('add', 'One');
    const bob = as(tm, 'bob');
    for (let at = 1; at <= 12; at += 1) bob.say('discover', '1', `finding ${at}`);
    const id = tm.task('1').id;
    const once = tm.run('watch', '--once');
    expect(once.stdout.split('\n').slice(0, 4)).toEqual([
      '=== 12 New Notification(s) ===',
      `[DISCOVERY] DISCOVERY in ${id}: finding 12`,
      expect.stringMatching(/^ {2}Time: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
      '',
    ]);
    expect(once.stdout.match(/finding \d+$/gm)).toHaveLength(12);
    expect(tm.run('watch', '--once')).toEqual({ code: 0, stdout: 'No new notifications\n', stderr: '' });
    const cleo = as(tm, 'cleo');
    expect(cleo.json<NotificationListView>('watch', '--once').total).toBe(12);
    expect(bob.say('watch', '--once')).toBe('No new notifications');
    const store = await openStore(tm.storePath);
    await store.commit('tm', 'test', (transaction) => {
      const row = { type: 'unblocked', message: `Task ${id} unblocked - dependencies completed` };
      transaction.insert('notifications', { id: 'a1', ...row, task_id: id, created_at: transaction.at });
      transaction.insert('notifications', { id: 'a2', ...row, target_agent: 'bob', created_at: transaction.at });
      transaction.insert('notifications', { id: 'a3', ...row, created_at: transaction.at, acknowledged: 1 });
    });
    expect(tm.say('watch', '--once')).toContain(`[UNBLOCKED] Task ${id} unblocked - dependencies completed\n`);
    expect(bob.json<NotificationListView>('notifications').total).toBe(2);
  }, 60_000);

  test('are listed without being marked, marked by id, and refused where there is none', () => {
    const tm = start();
    tm.say('add', 'One');
    as(tm, 'bob').say('discover', '1', 'first');
    as(tm, 'bob').say('message', 'ann', 'second');
    const before = tm.disk();
    expect(tm.say('notifications').split('\n')).toEqual([
      expect.stringMatching(/\[MESSAGE\] from bob: second$/),
      expect.stringMatching(/\[DISCOVERY\]: DISCOVERY in [0-9a-f]{8}: first$/),
    ]);
    expect(tm.json<NotificationListView>('notifications', '--type', 'discovery').total).toBe(1);
    expect(tm.json<NotificationListView>('notifications', '-n', '1')).toMatchObject({ total: 2, truncated: true });
    expect(tm.run('notifications', 'read').code).toBe(2);
    expect(tm.run('notifications', 'read', 'zzz').code).toBe(3);
    expect(tm.disk()).toEqual(before);
    const [newest] = tm.json<NotificationListView>('notifications').notifications;
    tm.say('notifications', 'read', newest?.id.slice(0, 8) ?? '');
    expect(tm.json<NotificationListView>('notifications').notifications.map(({ type }) => type)).toEqual(['discovery']);
    expect(tm.json<NotificationListView>('notifications', '--all').notifications.map(({ read }) => read)).toEqual([
      true,
      false,
    ]);
    expect(tm.json<NotificationListView>('notifications', 'read', '--all').total).toBe(1);
  });
});

test('messages, which belong to no task, leave the store sound', async () => {
  const tm = start();
  tm.say('agent-register', 'bob', 'Bob');
  tm.say('message', 'bob', 'hi');
  await addTask(await openStore(tm.storePath), 7);
  expect(tm.run('doctor').code).toBe(0);
});
