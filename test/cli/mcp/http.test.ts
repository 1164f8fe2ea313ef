import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Agent, emptyProject, Listener } from './agent.js';

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** A request with whatever headers, also such as a browser would not send. */
function ask(
  { url, token }: Listener,
  { method = 'POST', path = '/mcp', headers = {}, body = PING }: Asked,
): Promise<Answer> {
  return new Promise((done, fail) => {
    const asked = request({
      host: url.hostname,
      port: url.port,
      path,
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${token}`,
        ...headers,
      },
    });
    asked.on('response', (response) => {
      let text = '';
      response.on('data', (data) => {
        text += data;
      });
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asked.on('error', fail);
    asked.end(method === 'GET' ? undefined : body);
  });
}

describe('streamable HTTP', () => {
  test.each(['legacy', 'modern'] as const)('serves several clients, each in its own name (%s)', async (era) => {
    const project = emptyProject();
    const listener = await Listener.start(project.folder, { TM_MCP_TOKEN: 'a secret of ours' });
    const agents = await Promise.all(
      ['ann', 'bob', 'cleo'].map((name) => Agent.connect(listener.url, listener.token, { name, era })),
    );
    await Promise.all(agents.map((agent, at) => agent.call('create_task', { title: `Task ${at}` })));
    expect(new Set(project.list().tasks.map(({ id }) => project.task(id).createdBy))).toEqual(
      new Set(['ann', 'bob', 'cleo']),
    );
    const work = await Promise.all(agents.map((agent) => agent.call<{ task: { id: number } }>('next_work')));
    expect(new Set(work.map(({ task }) => task.id)).size).toBe(3);
    expect(await agents[0]?.refused('get_task', { task_id: 77 })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('tells its clients of changes', async () => {
    const project = emptyProject();
    project.say('add', 'One');
    const listener = await Listener.start(project.folder);
    for (const era of ['legacy', 'modern'] as const) {
      const agent = await Agent.connect(listener.url, listener.token, { era });
      const told = new Promise<string>((done) => {
        agent.client.setNotificationHandler('notifications/resources/updated', ({ params }) => done(params.uri));
      });
      if (era === 'modern') await agent.client.listen({ resourceSubscriptions: ['task://1'] });
      else await agent.client.subscribeResource({ uri: 'task://1' });
      project.say('update', '1', '--title', `For ${era}`);
      expect(await told).toBe('task://1');
      expect(JSON.parse(await agent.read('task://1'))).toMatchObject({ task: { title: `For ${era}` } });
    }
  });

  test('is for those who know the token, on this machine', async () => {
    const listener = await Listener.start(emptyProject().folder);
    expect(listener.url.hostname).toBe('127.0.0.1');
    expect(listener.token.length).toBeGreaterThanOrEqual(32);
    const { port } = listener.url;
    const refused: [string, Asked, number][] = [
      ['no token', { headers: { authorization: '' } }, 401],
      ['a wrong token', { headers: { authorization: `Bearer ${'x'.repeat(listener.token.length)}` } }, 401],
      ['the token in another scheme', { headers: { authorization: `Basic ${listener.token}` } }, 401],
      ['a name that was made to point here', { headers: { host: `evil.example:${port}` } }, 403],
      ['this name with another port', { headers: { host: '127.0.0.1:1' } }, 403],
      ['a page of another place', { headers: { origin: 'https://evil.example' } }, 403],
      ['a page of another server here', { headers: { origin: 'http://localhost:1' } }, 403],
      ['a page that hides where it is from', { headers: { origin: 'null' } }, 403],
      ['another address', { path: '/' }, 404],
      ['no session', { headers: { 'mcp-session-id': 'made-up' } }, 404],
      ['not JSON', { body: 'nonsense' }, 400],
      [
        'too much',
        { body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping', params: { x: 'x'.repeat(5_000_000) } }) },
        413,
      ],
      ['another kind of content', { headers: { 'content-type': 'text/plain' } }, 415],
    ];
    for (const [what, asked, status] of refused) {
      const answer = await ask(listener, asked);
      expect(answer.status, what).toBe(status);
      expect(answer.headers['access-control-allow-origin'], what).toBeUndefined();
      expect(answer.body, what).not.toContain(listener.token);
    }
    const agent = await Agent.connect(listener.url, listener.token);
    expect(await agent.call('list_tasks')).toMatchObject({ total: 0 });
    const second = emptyProject().run('mcp', '--http', '--port', port);
    expect(second).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`Port ${port} cannot be listened on`),
    });
  });
});
