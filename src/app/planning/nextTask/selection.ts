import { chanceWithin } from '../../../core/planning/nextTask/chance.js';
import type { RankedTask, Ranking } from '../../../core/planning/nextTask/choose.js';
import { schedule } from '../../../core/planning/nextTask/schedule.js';
import type { Factor } from '../../../core/planning/nextTask/score.js';
import {
  describeFactor,
  describeMissing,
  describeReasons,
  hours,
  waitingWords,
} from '../../../core/planning/nextTask/words.js';
import { readSummary } from '../../../store/repositories/taskRows.js';
import type { Plan } from '../../plan.js';
import type { Tasks } from '../../tasks/tasks.js';
import type { TaskView } from '../../tasks/taskView.js';
import type { Choice } from './nextTask.js';
import type { AlternativeView, RiskView, SelectionView } from './nextTaskInputs.js';
import { blockingFactors, overallRisk, risksOf } from './risks.js';

const MOST_ALTERNATIVES = 5;
const HOUR = 3_600_000;

interface Sources {
  /** The selected task; null where there is none. */
  readonly task: TaskView | null;
  /** Why there is none. */
  readonly none: string;
  readonly plan: Plan;
  readonly tasks: Tasks;
}

/** What was chosen and why, in seed 002's words. */
export function toSelection(choice: Choice, { task, none, plan, tasks }: Sources): SelectionView {
  const { asked, ranking, weights, chosen } = choice;
  const [best] = chosen;
  const { store } = plan;
  const risks = best && task ? risksOf(best, task, choice, store) : [];
  const taken = new Set(chosen.map((one) => one.task.id));
  const others = ranking.ranked.filter((one) => !taken.has(one.task.id)).slice(0, MOST_ALTERNATIVES);
  const analysed = ranking.ranked.some((one) => one.task.complexity !== undefined || one.task.hours?.source === 'kept');
  return {
    task_id: best?.task.id ?? null,
    selectedTask: best && task ? { ...task, ...scoresOf(best, choice, risks) } : null,
    selectedTasks: toAlternatives(chosen, choice, tasks),
    alternatives: toAlternatives(others, choice, tasks),
    ...(ranking.reason && { reason: ranking.reason }),
    blockers: ranking.blockers.flatMap(({ id, state, waiting }) => {
      const summary = readSummary(store, id);
      return summary ? [{ id, name: choice.nameOf(id), title: summary.title, state, waiting }] : [];
    }),
    relaxations: relaxationsView(ranking),
    reasoning: best ? reasoningOf(best, others, choice, risks) : { ...NO_REASONING, primaryReason: none },
    schedulingSuggestions: suggestionsOf(choice),
    riskAssessment: {
      overallRisk: overallRisk(risks),
      riskFactors: [...risks],
      mitigationStrategies: [...new Set(risks.map(({ mitigation }) => mitigation))],
      contingencyPlans:
        best && others[0] ? [`If it turns out to be blocked, ${choice.nameOf(others[0].task.id)} is next`] : [],
    },
    metadata: {
      selectionTime: choice.plan.now,
      analysisDepth: analysed ? 'comprehensive' : 'standard',
      candidatesConsidered: ranking.ranked.length,
      ready: ranking.ready,
      open: ranking.open,
      criteria: Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
      weights: { ...weights },
    },
  };
}

/** By the names of the parameters, as they were given. */
export function relaxationsView({ relaxations }: Ranking): SelectionView['relaxations'] {
  return relaxations.map(({ constraints, values, to, admits }) => {
    return {
      constraint: constraints.join(', '),
      value: values.length === 1 ? (values[0] ?? '') : values.join('; '),
      to,
      admits,
    };
  });
}

const NO_REASONING: Omit<SelectionView['reasoning'], 'primaryReason'> = {
  decisionFactors: [],
  missingFactors: [],
  alternativesConsidered: [],
  riskTradeOffs: [],
  expectedBenefits: [],
};

function reasoningOf(
  best: RankedTask,
  others: readonly RankedTask[],
  choice: Choice,
  risks: readonly RiskView[],
): SelectionView['reasoning'] {
  const { nameOf } = choice;
  return {
    primaryReason: describeReasons(best.factors, nameOf).join(' · '),
    decisionFactors: best.factors.map((factor) => ({
      ...factor,
      basis: { ...factor.basis },
      description: describeFactor(factor, nameOf),
    })),
    missingFactors: best.missing.map((name) => ({ name, reason: describeMissing(name) })),
    alternativesConsidered: others.map((other) => ({
      task_id: other.task.id,
      name: nameOf(other.task.id),
      reason: behindBecause(best, other),
    })),
    riskTradeOffs: risks.map(({ description }) => description),
    expectedBenefits: benefitsOf(best.factors),
  };
}

/** What brings another task furthest behind the best one. */
function behindBecause(best: RankedTask, other: RankedTask): string {
  const behind = Math.round((best.total - other.total) * 10_000) / 10_000;
  if (behind === 0) return 'the same score; priority, age and id decide';
  const contribution = (task: RankedTask, name: string) =>
    task.factors.find((factor) => factor.name === name)?.contribution ?? 0;
  const [first] = [...best.factors]
    .map(({ name }) => ({ name, gap: contribution(best, name) - contribution(other, name) }))
    .sort((a, b) => b.gap - a.gap);
  return `${behind} less, most of it for ${first?.name.replaceAll('_', ' ')}`;
}

function benefitsOf(factors: readonly Factor[]): string[] {
  const value = factors.find((factor) => factor.name === 'business_value');
  if (!value) return [];
  const { dependants, explicit } = value.basis;
  const waiting = dependants > 0 ? [waitingWords(dependants)] : [];
  return [...waiting, ...(explicit ? [`a value of ${explicit.value}`] : [])];
}

function toAlternatives(ranked: readonly RankedTask[], choice: Choice, tasks: Tasks): AlternativeView[] {
  const summaries = tasks.summaries(ranked.map((one) => one.task.id));
  return ranked.flatMap((one, at) => {
    const summary = summaries[at];
    const reasons = describeReasons(one.factors, choice.nameOf);
    return summary ? [{ ...summary, ...scoresOf(one, choice, []), reasons }] : [];
  });
}

function scoresOf(one: RankedTask, { asked }: Choice, risks: readonly RiskView[]) {
  const score = (name: Factor['name']) => one.factors.find((factor) => factor.name === name)?.score ?? null;
  const { hours: known, complexity = null } = one.task;
  const { hours_available_today: available } = asked;
  return {
    estimatedEffort: known?.p50 ?? null,
    estimatedEffortP80: known?.p80 ?? null,
    complexity,
    readinessScore: score('readiness'),
    urgencyScore: score('urgency'),
    priorityScore: score('priority'),
    businessValueScore: score('business_value'),
    technicalComplexityScore: score('complexity_fit'),
    resourceAvailabilityScore: known && available !== undefined ? Math.min(1, available / known.p50) : null,
    continuityScore: score('continuity'),
    overallScore: one.total,
    blockingFactors: blockingFactors(risks),
    successProbability: known && available !== undefined ? (chanceWithin(available, known) ?? null) : null,
  };
}

/** The hours at hand, one task after another for each developer. */
function suggestionsOf({ asked, ranking, chosen, plan, nameOf }: Choice): SelectionView['schedulingSuggestions'] {
  const first = asked.available_developers === undefined ? chosen.slice(0, 1) : chosen;
  const planned = schedule({
    first,
    ranked: ranking.ranked,
    hours: asked.hours_available_today,
    grouping: asked.enable_grouping,
  });
  const at = (time: number) => new Date(Date.parse(plan.now) + time * HOUR).toISOString();
  return planned.map(({ task: { task }, worker, start, end, groupedWith }) => {
    const { hours_available_today: available } = asked;
    const over = available !== undefined && end !== null && end > available ? end - available : 0;
    const rationale = [
      start === 0 ? 'the best to begin with' : 'the best of what fits then',
      ...(groupedWith
        ? [`like ${nameOf(groupedWith.id)} before it: ${groupedWith.shared.slice(0, 3).join(', ')}`]
        : []),
      ...(over > 0 ? [`${hours(over)} of it are left for another day`] : []),
      ...(end === null ? ['nobody knows how long it takes'] : []),
    ].join('; ');
    return {
      task_id: task.id,
      worker,
      suggestedStartTime: at(start),
      estimatedCompletionTime: end === null ? null : at(end),
      recommendedDuration: task.hours?.p50 ?? null,
      resourceRequirements: [...task.files],
      rationale,
    };
  });
}
