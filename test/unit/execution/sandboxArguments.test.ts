import { expect, test } from 'vitest';
import { bubblewrapArguments, seatbeltProfile } from '../../../src/core/execution/sandboxArguments.js';

const confines = {
  hidden: ['/home', '/tmp'],
  readable: ['/home/ann/node'],
  writable: ['/home/ann/project', '/tmp/run'],
  guarded: ['/home/ann/project/.task-orchestrator'],
  network: false,
  workingFolder: '/home/ann/project',
};

test('bubblewrap: later mounts lie over earlier ones, so what is hidden comes first and what is guarded last', () => {
  const args = bubblewrapArguments(confines);
  const order = [
    '--ro-bind / /',
    '--tmpfs /home',
    '--ro-bind /home/ann/node',
    '--bind /home/ann/project',
    '--ro-bind /home/ann/project/.task',
  ];
  const places = order.map((part) => args.join(' ').indexOf(part));
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(args).toContain('--unshare-net');
  expect(args.at(-1)).toBe('--');
  expect(bubblewrapArguments({ ...confines, network: true })).not.toContain('--unshare-net');
});

test('sandbox-exec: paths are quoted, the network is denied unless it is open', () => {
  const profile = seatbeltProfile({ ...confines, writable: ['/a "b"\\c'] });
  expect(profile).toContain('(allow file-write* (subpath "/a \\"b\\"\\\\c"))');
  expect(profile).toContain('(deny network*)');
  expect(profile.split('\n').at(-1)).toBe('(deny file-write* (subpath "/home/ann/project/.task-orchestrator"))');
  expect(seatbeltProfile({ ...confines, network: true })).not.toContain('network');
});
