import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SurveyedFile, SurveyedFiles, WorkspaceSurvey } from '../app/planning/complexity/surroundings.js';
import { findWorktree } from './git.js';
import { runGit } from './runGit.js';

/** Folders that hold what is made or fetched, where no git says so. */
const MADE = new Set(
  'node_modules bower_components vendor dist build out target coverage __pycache__ venv env site-packages Pods DerivedData'.split(
    ' ',
  ),
);
/** Looked at in no case. */
const NEVER = /(?:^|\/)(?:\.git|node_modules|\.task-orchestrator)(?:\/|$)/;
/** So many files are asked about at a time. */
const AT_ONCE = 64;

export interface SurveySettings {
  /** False where git is not to be run: then names tell what is ignored. */
  readonly git?: boolean;
}

/** The files of a folder on this machine. Links are not followed, so nothing outside of it is looked at. */
export function workspaceSurvey(root: string, { git = true }: SurveySettings = {}): WorkspaceSurvey {
  return {
    async list(folder, limit, signal) {
      const listed = git && findWorktree(root) ? await listWithGit(root, folder, limit, signal) : undefined;
      const { paths, cut } = listed ?? (await walk(root, folder, limit, signal));
      const files = await sizes(root, paths, signal);
      return { files, cut, ignored: listed ? 'git' : 'names' } satisfies SurveyedFiles;
    },
    read: (path, limit) => readText(root, path, limit),
    async within(folder) {
      try {
        const [top, asked] = await Promise.all([realpath(root), realpath(resolve(root, folder))]);
        const path = relative(top, asked);
        if (path.startsWith('..') || isAbsolute(path) || !(await stat(asked)).isDirectory()) return undefined;
        return path === '' ? '.' : path.split(sep).join('/');
      } catch {
        return undefined;
      }
    },
  };
}

/** Tracked files and new ones that are not ignored; undefined where git cannot tell. */
async function listWithGit(root: string, folder: string, limit: number, signal?: AbortSignal) {
  const paths = new Set<string>();
  let rest = '';
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', folder];
  const end = await runGit(
    root,
    args,
    (text) => {
      const names = (rest + text).split('\0');
      rest = names.pop() ?? '';
      for (const name of names) if (!NEVER.test(name)) paths.add(name);
      return paths.size <= limit;
    },
    signal,
  );
  if (end.code !== 0) return undefined;
  return { paths: [...paths].slice(0, limit), cut: paths.size > limit };
}

async function walk(root: string, folder: string, limit: number, signal?: AbortSignal) {
  const paths: string[] = [];
  const folders = [folder === '.' ? '' : folder];
  for (let at = folders.shift(); at !== undefined; at = folders.shift()) {
    signal?.throwIfAborted();
    const entries = await readdir(join(root, at), { withFileTypes: true }).catch(() => []);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!MADE.has(entry.name) && !entry.name.startsWith('.')) folders.push(path);
      } else if (entry.isFile()) {
        if (paths.length === limit) return { paths, cut: true };
        paths.push(path);
      }
    }
  }
  return { paths, cut: false };
}

/** Those of the paths that are files, in order, with their sizes. */
async function sizes(root: string, paths: readonly string[], signal?: AbortSignal): Promise<SurveyedFile[]> {
  const found: SurveyedFile[] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    signal?.throwIfAborted();
    const stats = await Promise.all(
      paths.slice(at, at + AT_ONCE).map(async (path) => {
        const known = await lstat(join(root, path)).catch(() => undefined);
        return known?.isFile() ? { path, bytes: known.size } : undefined;
      }),
    );
    found.push(...stats.filter((file) => file !== undefined));
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function readText(root: string, path: string, limit: number): Promise<string | undefined> {
  try {
    const [top, file] = await Promise.all([realpath(root), realpath(join(root, path))]);
    if (relative(top, file).startsWith('..')) return undefined;
    const known = await stat(file);
    if (!known.isFile() || known.size > limit) return undefined;
    const text = await readFile(file, 'utf8');
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
