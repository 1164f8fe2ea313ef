import type { Task } from '../../../core/model/task.js';
import type { TaskId } from '../../../core/model/taskId.js';
import { isClosed } from '../../../core/model/workState.js';
import { percentileOf } from '../../../core/planning/complexity/factors.js';
import type {
  ComplexityFacts,
  ComplexityOptionFacts,
  FileFacts,
  FileOrigin,
} from '../../../core/planning/complexity/facts.js';
import type { ImportGraph } from '../../../core/planning/complexity/imports/graph.js';
import { languageOf } from '../../../core/planning/complexity/imports/language.js';
import type { FileIndex } from '../../../core/planning/complexity/imports/resolver.js';
import { measure } from '../../../core/planning/complexity/measure.js';
import { isTestFile } from '../../../core/planning/complexity/testFiles.js';
import { pathsIn } from '../../../core/planning/complexity/words.js';
import { readReferences } from '../../../store/repositories/referenceRows.js';
import { readTask } from '../../../store/repositories/taskRows.js';
import type { Plan } from '../../plan.js';
import type { Experience } from '../effort/experience.js';
import type { ComplexityWeighing } from './complexitySettings.js';
import { relatedTasks } from './relatedTasks.js';
import type { Survey, Watch } from './survey.js';

/** So many files of one task are looked at. */
const MOST_FILES = 500;

/** Where the facts come from, besides the plan. */
interface Sources {
  readonly survey: Survey;
  readonly weighing: ComplexityWeighing;
  /** Looked up when it is asked for. */
  readonly experience: () => Experience;
}

/** Everything that a task's complexity follows from. */
export async function collectFacts(
  plan: Plan,
  id: TaskId,
  { survey, weighing, experience }: Sources,
  options: ComplexityOptionFacts,
  watch: Watch,
): Promise<ComplexityFacts> {
  const { graph, store, world } = plan;
  const task = readTask(store, id);
  const notes: string[] = [];
  const text = readable(plan, task, notes);
  const listed = await survey.files(watch);
  const needsHistory = options.assess_risk || options.use_historical_data;
  const history = needsHistory ? await survey.history(watch) : { commits: [], notes: [] };
  const referenced = [...new Set(readReferences(store, id).map(({ path }) => path))];
  const missing = referenced.filter((path) => !world.files.exists(path));
  const own = new Map<string, FileOrigin>();
  for (const path of referenced) if (!missing.includes(path)) own.set(path, 'reference');
  for (const path of mentioned(`${text.title}\n${text.description}`, listed.index))
    if (!own.has(path)) own.set(path, 'description');
  const summary = graph.require(id).task;
  const related = options.use_historical_data
    ? relatedTasks(plan, summary, [...own.keys()], history.commits, experience())
    : { similar: [], files: [] };
  if (own.size === 0) for (const path of related.files) if (world.files.exists(path)) own.set(path, 'similar');
  const paths = [...own].slice(0, MOST_FILES);
  if (own.size > MOST_FILES)
    notes.push(`Of the ${own.size} files of the task, the first ${MOST_FILES} were looked at.`);
  const isCode = paths.some(([path]) => languageOf(path) !== undefined);
  const looksAtImports = isCode && (options.analyze_dependencies || options.assess_risk);
  const imports = looksAtImports ? await survey.imports(watch) : undefined;
  const heat = options.assess_risk ? heatOf(listed.files, history) : undefined;
  const files: FileFacts[] = [];
  for (const [path, from] of paths) {
    watch.signal?.throwIfAborted();
    const content = await survey.read(path);
    if (content === undefined) notes.push(`${path} was not read: it is no text, or larger than 1 MB.`);
    files.push({
      path,
      from,
      isSource: languageOf(path) !== undefined,
      isTest: isTestFile(path),
      ...(content !== undefined && { measure: measure(content, path) }),
      ...(imports && importFacts(imports.graph, path)),
      ...heat?.(path),
      ...(options.assess_risk && { tests: testsOf(path, listed.testsOf(path), imports?.graph) }),
    });
  }
  const known = new Set(files.filter(({ importers }) => importers !== undefined).map(({ path }) => path));
  const usesGraph = options.analyze_dependencies && imports !== undefined && known.size > 0;
  return {
    ...text,
    tags: summary.tags,
    ...(task.codeLanguage !== undefined && { codeLanguage: task.codeLanguage }),
    openDependencies: [...graph.require(id).dependsOn.keys()].filter(({ task: { status } }) => !isClosed(status))
      .length,
    files,
    missing,
    ...(usesGraph && {
      graph: { fanIn: imports.graph.fanIn(known).size, crossPackage: imports.graph.crossPackage(known) },
    }),
    ...('none' in history && history.none !== undefined && { noHistory: history.none }),
    similar: related.similar,
    ...weighing,
    options,
    workspace: {
      root: survey.folder,
      files: listed.files.length,
      scanned: imports?.scanned ?? 0,
      commits: history.commits.length,
      ignored: listed.ignored,
    },
    notes: [...listed.notes, ...history.notes, ...(imports?.notes ?? []), ...notes],
  };
}

/** Title and description, without what is encrypted and has no key here. */
function readable(plan: Plan, { title, description = '' }: Task, notes: string[]) {
  const { vault } = plan.store;
  if (!vault.isOn || vault.state === 'open' || description === '') return { title, description };
  notes.push('The description is encrypted and there is no key for it: it was left out.');
  return { title, description: '' };
}

/** Files of the workspace that a text names: by their path, the end of it, or by a name that only one file has. */
function mentioned(text: string, index: FileIndex): string[] {
  const found = pathsIn(text).flatMap((path) => {
    if (index.has(path)) return [path];
    const ending = index.ending(path);
    return ending.length === 1 ? ending : [];
  });
  return [...new Set(found)].sort();
}

function importFacts(graph: ImportGraph, path: string): Partial<FileFacts> {
  if (!graph.knows(path)) return {};
  const cycle = graph.cycle(path);
  return {
    importers: graph.importersOf(path),
    imports: graph
      .importsOf(path)
      .map((edge) => ({ ...edge, isNew: edge.external && [...graph.usersOf(edge.to)].every((user) => user === path) })),
    ...(cycle && { cycle }),
  };
}

/** Tests that are named after a file, and those that import it. */
function testsOf(path: string, named: readonly string[], graph: ImportGraph | undefined): string[] {
  const importing = (graph?.importersOf(path) ?? []).filter(isTestFile);
  return [...new Set([...named, ...importing])].sort();
}

/** How often and how much each source file changes, among all of them; undefined where no commits are known. */
function heatOf(
  files: readonly { readonly path: string; readonly bytes: number }[],
  {
    commits,
    none,
  }: { readonly commits: readonly { readonly files: readonly { readonly path: string }[] }[]; readonly none?: string },
): ((path: string) => Pick<FileFacts, 'commits' | 'hotspot'>) | undefined {
  if (none !== undefined) return undefined;
  const counts = new Map<string, number>();
  for (const commit of commits) for (const { path } of commit.files) counts.set(path, (counts.get(path) ?? 0) + 1);
  const heat = new Map(
    files
      .filter(({ path }) => languageOf(path) !== undefined)
      .map(({ path, bytes }) => [path, (counts.get(path) ?? 0) * bytes]),
  );
  const all = [...heat.values()];
  return (path) => {
    const own = heat.get(path);
    return { commits: counts.get(path) ?? 0, ...(own !== undefined && { hotspot: percentileOf(own, all) }) };
  };
}
