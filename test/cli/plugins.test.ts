import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Project } from './project.js';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../../examples/plugins/time-tracking.mjs'), 'utf8');

/** A plugin that writes down what it is told. */
const recorder = `
import { appendFileSync } from 'node:fs';
export default (tm) => {
  const note = (...words) => appendFileSync(tm.root + '/told', JSON.stringify(words) + '\\n');
  return {
    name: 'Recorder',
    version: '1.2.3',
    onTaskCreated: (task) => note('created', task.title, task.status),
    onTaskUpdated: (id, before, after) => note('updated', before, after),
    onTaskCompleted: async (task) => note('completed', task.completionSummary, (await tm.get(task.id)).state),
  };
};`;

describe('plugins', () => {
  test('are told of what is created, updated and completed, with the old and the new values', () => {
    const tm = new Project();
    tm.plugin('recorder.mjs', recorder);
    const id = tm.say('add', 'A task');
    tm.say('update', id, '--priority', 'high', '--assignee', 'ann');
    tm.say('complete', id, '--summary', 'All of it');
    tm.say('delete', id);
    const told = tm
      .written('told')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toEqual([
      ['created', 'A task', 'pending'],
      ['updated', { priority: 'medium', assignee: null }, { priority: 'high', assignee: 'ann' }],
      [
        'updated',
        { status: 'pending', state: 'ready', completionSummary: null, completedAt: null },
        { status: 'completed', state: 'completed', completionSummary: 'All of it', completedAt: expect.any(String) },
      ],
      ['completed', 'All of it', 'completed'],
    ]);
  });

  test('may be objects, classes or functions, as ECMAScript or CommonJS, and are listed with their commands', () => {
    const tm = new Project();
    tm.put('plugins/a.mjs', 'export class P { name() { return "A"; } version() { return "1"; } }\nexport default P;');
    tm.put(
      'plugins/b.cjs',
      'module.exports = { name: "B", version: "2", customCommands: () => ({ hello: (who) => "Hello " + who }) };',
    );
    tm.put(
      'plugins/c.js',
      'exports.plugin = (tm) => ({ name: "C", version: "3", customCommands() { return { where: { description: "says where", run() { return tm.folder; } } }; } });',
    );
    tm.put('plugins/plugin.d.ts', 'export {};');
    tm.put('plugins/readme.txt', 'not a plugin');
    expect(tm.run('plugins')).toMatchObject({
      stdout: 'a.mjs - not trusted\nb.cjs - not trusted\nc.js - not trusted\n',
      stderr: expect.stringContaining('tm hooks trust'),
    });
    tm.say('hooks', 'trust');
    expect(tm.say('plugins', 'list')).toBe('a.mjs - A 1\nb.cjs - B 2\n  tm hello\nc.js - C 3\n  tm where  says where');
    expect(tm.say('hello', 'World')).toBe('Hello World');
    expect(tm.say('where')).toBe(tm.beside('').replace(/\/$/, ''));
  });

  test('that throw, loop, exit or cannot be loaded are reported, and the others go on', () => {
    const tm = new Project();
    tm.say('hooks', 'thresholds', '100', '200', '3000');
    const broken = {
      'a-throws.mjs': 'export default { name: "x", version: "1", onTaskCreated() { throw new Error("out of tea"); } };',
      'b-loops.mjs': 'export default { name: "x", version: "1", onTaskCreated() { for (;;); } };',
      'c-hangs.mjs':
        'export default { name: "x", version: "1", onTaskCreated: () => new Promise((done) => setInterval(() => {}, 1e6)) };',
      'd-exits.mjs': 'export default { name: "x", version: "1", onTaskCreated() { process.exit(0); } };',
      'e-import.mjs': 'throw new Error("at import");',
      'f-syntax.mjs': 'this is no JavaScript',
      'g-nothing.mjs': 'export default 7;',
      'h-nameless.mjs': 'export default { version: "1" };',
    };
    for (const [file, text] of Object.entries(broken)) tm.put(`plugins/${file}`, text);
    tm.plugin('z-recorder.mjs', recorder);
    const { code, stdout, stderr } = tm.run('add', 'Task');
    expect([code, stdout.trim()]).toEqual([0, tm.task('1').id]);
    expect(tm.written('told')).toBe('["created","Task","pending"]\n');
    const said = (file: string) => stderr.split('\n').find((line) => line.includes(`plugin ${file}`));
    expect(said('a-throws.mjs')).toMatch(/failed: out of tea \(at .*a-throws\.mjs:1/);
    expect(said('b-loops.mjs')).toContain('was stopped after 3.');
    expect(said('c-hangs.mjs')).toContain('was stopped after 3.');
    expect(said('d-exits.mjs')).toContain('it ended before it was done (exit code 0)');
    expect(said('e-import.mjs')).toContain('at import');
    expect(said('f-syntax.mjs')).toContain('failed');
    expect(said('g-nothing.mjs')).toContain('neither a plugin, nor a class or function');
    expect(said('h-nameless.mjs')).toContain('it has no name');
    expect(stderr.match(/The change stays/g)).toHaveLength(8);
    const { hooks } = tm.json<{ hooks: { hook: string }[] }>('hooks', 'report');
    expect(hooks.map((one) => one.hook)).toContain('plugin:a-throws.mjs');
  });

  test('whose commands fail say so with an exit code; what they do not know, tm refuses as ever', () => {
    const tm = new Project();
    tm.plugin(
      'p.mjs',
      `export default { name: 'P', version: '1', customCommands: () => ({
        fails: () => { throw new Error('no luck'); },
        exits: () => process.exit(7),
        echo: (...args) => args.join('|'),
        list: () => 'not tm’s own list',
        wide: async () => { console.error('to stderr'); console.log('to stdout'); },
      }) };`,
    );
    expect(tm.run('fails')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('Plugin p.mjs: no luck'),
    });
    expect(tm.run('exits')).toMatchObject({ code: 7, stdout: '' });
    expect(tm.say('echo', 'a', '--json', '-x', '--', 'b c')).toBe('a|--json|-x|--|b c');
    expect(tm.run('wide')).toEqual({ code: 0, stdout: 'to stdout\n', stderr: 'to stderr\n' });
    expect(tm.run('list').stdout).toBe('');
    expect(tm.run('ecko')).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown command 'ecko'") });
  });

  test('change the plan through tm, in the name of whoever runs them, and are not told of it again', () => {
    const tm = new Project({ TM_AGENT_ID: 'ann' });
    tm.plugin(
      'p.mjs',
      `export default class { name = 'P'; version = '1';
        constructor(tm) { this.tm = tm; }
        async onTaskCreated(task) { await this.tm.json('add', 'Review ' + task.title, '--depends-on', task.id); }
        customCommands() { return { count: async () => String((await this.tm.list('status:ready')).length),
          wrong: () => this.tm.get('T-99') }; }
      }`,
    );
    tm.say('add', 'Task');
    expect(tm.list('sort:number').tasks.map(({ title, status }) => [title, status])).toEqual([
      ['Task', 'pending'],
      ['Review Task', 'blocked'],
    ]);
    expect(tm.task('2').createdBy).toBe('ann');
    expect(tm.say('count')).toBe('1');
    expect(tm.run('wrong')).toMatchObject({ code: 1, stderr: expect.stringContaining('Task T-99 not found') });
  });

  test('do not run where they are not trusted, nor do their commands', () => {
    const tm = new Project();
    tm.put(
      'plugins/p.mjs',
      'import { writeFileSync } from "node:fs"; writeFileSync("ran", ""); export default { name: "P", version: "1", customCommands: () => ({ hello: () => "hi" }) };',
    );
    expect(tm.run('add', 'Task').stderr).toContain('plugins/p.mjs is new or changed');
    expect(tm.run('hello')).toMatchObject({ code: 2, stderr: expect.stringContaining('not trusted') });
    expect(existsSync(join(tm.folder, 'ran'))).toBe(false);
  });
});

describe('the time-tracking example', () => {
  test('keeps the seed’s log: time-log and time-report', () => {
    const tm = new Project();
    expect(tm.say('plugins', 'example')).toBe('time-tracking');
    expect(`${tm.say('plugins', 'example', 'time-tracking')}\n`).toBe(EXAMPLE);
    expect(tm.run('plugins', 'example', 'nothing').code).toBe(3);
    tm.plugin('time-tracking.mjs', EXAMPLE);
    expect(tm.say('time-log')).toBe('No time log found');
    const [first, second] = [tm.say('add', 'First'), tm.say('add', 'Second')];
    tm.say('start', first);
    tm.say('complete', first);
    tm.say('start', second);
    const log = tm
      .say('time-log', 'T-1')
      .split('\n')
      .map((line) => line.replace(/^\S+Z: /, ''));
    expect(log).toEqual([`${first} -> pending`, `${first} -> in_progress`, `${first} -> completed`]);
    expect(tm.say('time-log').split('\n')).toHaveLength(5);
    expect(tm.say('time-report').split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^${first}  0\\.\\d\\d h  First$`)),
      expect.stringMatching(new RegExp(`^${second}  0\\.\\d\\d h \\(running\\)  Second$`)),
    ]);
    expect(tm.run('time-log', 'T-9')).toMatchObject({ code: 1, stderr: expect.stringContaining('T-9') });
  });

  test('types are printed, and describe what the example is', () => {
    const tm = new Project();
    const types = tm.say('plugins', 'types');
    expect(types).toContain('export interface Plugin {');
    writeFileSync(join(tm.folder, 'plugin.d.ts'), types);
    expect(types).not.toContain('import ');
  });
});
