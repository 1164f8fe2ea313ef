import { commitsOf } from '../../app/commits/commitsOf.js';
import type { SectionNode, TreeNode } from './nodes.js';
import { runsOf } from './runItems.js';

/** The rows of a task's section. */
export function sectionParts(parent: SectionNode): TreeNode[] {
  const { folder, task, section } = parent;
  const plan = folder.plan;
  const own = plan?.plan.graph.get(task);
  if (!plan || !own) return [];
  const at = (id: string) => ({ id: `${parent.id}/${id}`, folder, parent, task });
  switch (section) {
    case 'code':
      return plan.references.of(task).map((reference) => ({ kind: 'reference', ...at(reference.id), reference }));
    case 'commits':
      return commitsOf(plan.plan, task).map((commit) => ({ kind: 'commit', ...at(commit.commit_hash), commit }));
    case 'runs':
      return runsOf(plan, task).map((run) => ({ kind: 'run', ...at(run.id), run }));
    default: {
      const others = { dependsOn: own.dependsOn.keys(), unblocks: own.dependants, subtasks: own.subtasks }[section];
      return [...others]
        .sort((a, b) => a.task.number - b.task.number)
        .map((other) => ({ kind: 'linked', ...at(other.task.id), task: other.task.id, of: task, section }));
    }
  }
}
