import { isLive } from '../../../core/model/claim.js';
import { taskName } from '../../../core/model/taskId.js';
import type { RankedTask } from '../../../core/planning/nextTask/choose.js';
import type { Factor } from '../../../core/planning/nextTask/score.js';
import { hours } from '../../../core/planning/nextTask/words.js';
import { readAnalysis } from '../../../store/repositories/analysisRows.js';
import { readTasksOfFile } from '../../../store/repositories/nextTaskRows.js';
import { readSummary } from '../../../store/repositories/taskRows.js';
import type { RowReader } from '../../../store/transaction.js';
import type { TaskView } from '../../tasks/taskView.js';
import type { Choice } from './nextTask.js';
import type { RiskView, SelectionView } from './nextTaskInputs.js';

type Level = RiskView['impact'];
/** From so many times p50 on, p80 says that nobody really knows. */
const WIDE = 2;

/** What the plan, the files and the task's analysis say against it. */
export function risksOf(best: RankedTask, task: TaskView, choice: Choice, reader: RowReader): RiskView[] {
  return [
    ...deadlineRisks(best.factors, choice),
    ...estimateRisks(best),
    ...descriptionRisks(best),
    ...fileRisks(best, choice, reader),
    ...referenceRisks(task),
    ...(best.task.complexity === undefined ? [] : analysedRisks(reader, task.id)),
  ];
}

/** The seed's rule: by how many there are of which impact. */
export function overallRisk(risks: readonly RiskView[]): Level {
  const count = (level: Level) => risks.filter(({ impact }) => impact === level).length;
  const high = count('high') + count('critical');
  if (high > 2 || count('critical') > 0) return 'critical';
  if (high >= 1 || count('medium') > 3) return 'high';
  return count('medium') >= 1 ? 'medium' : 'low';
}

const BLOCKING: Partial<Record<RiskView['category'], 'deadline' | 'resource' | 'technical'>> = {
  deadline: 'deadline',
  resource: 'resource',
  technical: 'technical',
};

/** What is in the way of a task that is ready: dates, files that others work on, what its analysis found. */
export function blockingFactors(
  risks: readonly RiskView[],
): NonNullable<SelectionView['selectedTask']>['blockingFactors'] {
  return risks.flatMap(({ category, description, impact, mitigation }) => {
    const type = BLOCKING[category];
    return type ? [{ type, description, impact, mitigation }] : [];
  });
}

function deadlineRisks(factors: readonly Factor[], { nameOf }: Choice): RiskView[] {
  const urgency = factors.find((factor) => factor.name === 'urgency');
  const due = urgency?.basis.due;
  if (!due || due.slackHours >= 0) return [];
  return [
    {
      category: 'deadline',
      description: `${nameOf(due.of)} is due ${due.at.slice(0, 10)}; the work until then takes ${hours(-due.slackHours)} more than there are`,
      impact: 'high',
      mitigation: `Move the due date of ${nameOf(due.of)}, or take work out of its chain`,
    },
  ];
}

function estimateRisks({ task }: RankedTask): RiskView[] {
  if (!task.hours)
    return [
      {
        category: 'estimate',
        description: 'nobody knows how long it takes',
        impact: 'low',
        mitigation: `Estimate it: tm estimate ${taskName(task.number)}`,
      },
    ];
  const { p50, p80 } = task.hours;
  if (p50 === 0 || p80 < WIDE * p50) return [];
  return [
    {
      category: 'estimate',
      description: `the estimate is wide: ${hours(p50)} as likely as not, up to ${hours(p80)} in one of five cases or more`,
      impact: 'medium',
      mitigation: 'Split it, or try the uncertain part first',
    },
  ];
}

function descriptionRisks({ task }: RankedTask): RiskView[] {
  if (task.described) return [];
  return [
    {
      category: 'description',
      description: 'it has neither a description nor criteria',
      impact: 'low',
      mitigation: 'Write down when it is done before you begin',
    },
  ];
}

/** Files that somebody works on under another task now. */
function fileRisks({ task }: RankedTask, { plan, nameOf }: Choice, reader: RowReader): RiskView[] {
  const shared = new Map<string, string[]>();
  for (const file of task.files) {
    for (const id of readTasksOfFile(reader, file)) {
      const other = id === task.id ? undefined : readSummary(reader, id);
      if (!other || (other.status !== 'in_progress' && !isLive(other.claim, plan.now))) continue;
      const known = shared.get(id) ?? [];
      if (!known.includes(file)) shared.set(id, [...known, file]);
    }
  }
  return [...shared].map(([id, files]) => ({
    category: 'resource',
    description: `${files.slice(0, 3).join(', ')} ${files.length === 1 ? 'is' : 'are'} worked on in ${nameOf(id)} too`,
    impact: 'medium',
    mitigation: `Agree with whoever works on ${nameOf(id)}`,
  }));
}

function referenceRisks({ fileRefs }: TaskView): RiskView[] {
  const lost = fileRefs.filter(({ missing, state }) => missing || state === 'lost');
  if (lost.length === 0) return [];
  return [
    {
      category: 'technical',
      description: `${lost.map(({ path }) => path).join(', ')}: what it refers to is not there any more`,
      impact: 'medium',
      mitigation: 'Look where that code went, and mend the references',
    },
  ];
}

/** The risk factors of the stored analysis of its complexity, those of no weight left out. */
function analysedRisks(reader: RowReader, task: string): RiskView[] {
  const result = readAnalysis(reader, task, 'complexity')?.result as
    | { riskAssessment?: { factors?: readonly { description?: unknown; impact?: unknown }[]; mitigations?: unknown } }
    | undefined;
  const factors = result?.riskAssessment?.factors;
  if (!Array.isArray(factors)) return [];
  return factors.flatMap(({ description, impact }: { description?: unknown; impact?: unknown }): RiskView[] => {
    const level = levelOf(impact);
    if (typeof description !== 'string' || level === 'low') return [];
    return [{ category: 'technical', description, impact: level, mitigation: `See tm complexity ${task}` }];
  });
}

/** A level as a word, or a share of 1. */
function levelOf(value: unknown): Level {
  if (value === 'critical' || value === 'high' || value === 'medium') return value;
  if (typeof value !== 'number') return 'low';
  if (value >= 0.75) return 'high';
  return value >= 0.4 ? 'medium' : 'low';
}
