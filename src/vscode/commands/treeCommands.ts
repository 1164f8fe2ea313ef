import * as vscode from 'vscode';
import { parseQuery, QUERY_KEYS } from '../../core/query/query.js';
import { GROUPINGS, type Grouping, type Handlers } from '../manifest.js';
import type { TaskTree } from '../tree/taskTree.js';
import { messageOf } from './steps.js';
import { isNode } from './target.js';

/** Commands about the tree itself: filter, grouping, paging. */
export function treeCommands(tree: TaskTree): Handlers {
  const { t } = vscode.l10n;
  return {
    'taskOrchestrator.tree.filter': async () => {
      const query = await vscode.window.showInputBox({
        title: t('Filter tasks'),
        prompt: t(
          'Words, or {0}. A minus before one excludes; empty shows all.',
          QUERY_KEYS.map((key) => `${key}:`).join(' '),
        ),
        placeHolder: 'status:ready tag:api "two words" -assignee:none',
        value: tree.filter,
        validateInput: (text) => messageOf(parseQuery, text),
      });
      if (query !== undefined) tree.setFilter(query);
    },
    'taskOrchestrator.tree.clearFilter': () => tree.setFilter(''),
    'taskOrchestrator.tree.groupBy': async () => {
      const labels: Record<Grouping, string> = {
        state: t('State'),
        priority: t('Priority'),
        assignee: t('Assignee'),
        tag: t('Tag'),
        none: t('Nothing: dependency order'),
      };
      const items = GROUPINGS.map((grouping) => ({
        label: labels[grouping],
        description: grouping === tree.grouping ? t('now') : '',
        grouping,
      }));
      const picked = await vscode.window.showQuickPick(items, { placeHolder: t('Group tasks by') });
      if (picked) await tree.setGrouping(picked.grouping);
    },
    'taskOrchestrator.tree.showMore': (node) => {
      if (isNode(node) && node.kind === 'more') tree.showMore(node.parent);
    },
  };
}
