/** What a sandbox lets a run reach. All paths are absolute. */
export interface Confines {
  /** Folders of which nothing is to be seen: homes, temporary folders, sockets. */
  readonly hidden: readonly string[];
  /** Folders that can be read although they lie in hidden ones: interpreters. */
  readonly readable: readonly string[];
  /** Folders that can be written. */
  readonly writable: readonly string[];
  /** Folders that can only be read although they lie in writable ones: the store. */
  readonly guarded: readonly string[];
  readonly network: boolean;
  readonly workingFolder: string;
}

/** Arguments of bubblewrap: everything can be read but what is hidden, nothing written but what is writable. */
export function bubblewrapArguments({
  hidden,
  readable,
  writable,
  guarded,
  network,
  workingFolder,
}: Confines): string[] {
  const bind = (kind: string, folders: readonly string[]) => folders.flatMap((folder) => [kind, folder, folder]);
  return [
    '--die-with-parent',
    ...['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...(network ? [] : ['--unshare-net']),
    ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
    ...hidden.flatMap((folder) => ['--tmpfs', folder]),
    ...bind('--ro-bind-try', network ? ['/run/systemd/resolve'] : []),
    ...bind('--ro-bind', readable),
    ...bind('--bind', writable),
    ...bind('--ro-bind', guarded),
    ...['--chdir', workingFolder],
    '--',
  ];
}

/** A profile of macOS's sandbox-exec that says the same; later rules go before earlier ones. */
export function seatbeltProfile({ hidden, readable, writable, guarded, network }: Confines): string {
  const paths = (folders: readonly string[]) =>
    folders.map((folder) => `(subpath ${JSON.stringify(folder)})`).join(' ');
  const rule = (what: string, folders: readonly string[]) =>
    folders.length > 0 ? [`(${what} ${paths(folders)})`] : [];
  return [
    '(version 1)',
    '(allow default)',
    ...(network ? [] : ['(deny network*)']),
    '(deny file-write*)',
    '(allow file-write* (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty"))',
    ...rule('deny file-read*', hidden),
    ...rule('allow file-read*', [...readable, ...writable]),
    ...rule('allow file-write*', writable),
    ...rule('deny file-write*', guarded),
  ].join('\n');
}
