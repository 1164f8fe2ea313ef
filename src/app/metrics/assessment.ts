import { completedWithin, cycleTime, feedbackAverages, groupBy, type WorkItem } from '../../core/metrics/work.js';
import { isClosed } from '../../core/model/workState.js';
import { daysBefore } from '../../core/time/period.js';
import { readWork } from '../../store/repositories/workRows.js';
import { blockedTasks } from '../analysis/blocked.js';
import { overdueTasks } from '../analysis/overdue.js';
import { parseInput } from '../input.js';
import type { Plan } from '../plan.js';
import { Verdicts } from '../planning/effort/accuracy.js';
import { type AssessmentInput, type AssessmentView, assessmentInput } from './assessmentInputs.js';
import { measure } from './measures.js';

/** How the project did in the last days, against as many days before. */
export function assess(plan: Plan, input: AssessmentInput = {}): AssessmentView {
  const { days } = parseInput(assessmentInput, input);
  const now = plan.now();
  const since = daysBefore(now, days);
  const items = readWork(plan.store);
  const window = { since, now };
  const completed = completedWithin(items, window);
  const stuck = blockedTasks(plan).tasks;
  const inState = (state: string) => stuck.filter((task) => task.state === state).length;
  const facts = {
    days,
    since,
    at: now,
    measures: measure(plan, items, window, new Verdicts(plan)),
    before: before(plan, items, { since: daysBefore(since, days), now: since }),
    feedback: feedbackAverages(completed),
    overdue: overdueTasks(plan).overdue,
    stuck: { waiting: inState('waiting'), needsDecision: inState('needs_decision'), blocked: inState('blocked') },
    assignees: groupBy(items, ({ assignee }) => assignee).flatMap(({ key, items }) => {
      const done = completedWithin(items, window);
      const open = items.filter(({ status }) => !isClosed(status)).length;
      const { n, medianHours } = cycleTime(done);
      const row = { assignee: key, completed: done.length, open, medianCycleHours: medianHours, n };
      return done.length + open > 0 ? [row] : [];
    }),
  };
  return { ...facts, findings: findings(facts, items) };
}

function before(plan: Plan, items: readonly WorkItem[], { since, now }: { since: string; now: string }) {
  const known = items
    .filter(({ createdAt }) => createdAt < now)
    .map((item) => ((item.completedAt ?? '') >= now ? { ...item, status: 'pending' as const } : item));
  const { throughput, cycleTime } = measure(plan, known, { since, now }, new Verdicts(plan));
  return { throughput, cycleTime };
}

/** Below this share of something, it is worth a word; and from how many on the share means anything. */
const HALF = 50;
const ENOUGH = 3;

/** Rules, each with what it saw. */
function findings(facts: Omit<AssessmentView, 'findings'>, items: readonly WorkItem[]): AssessmentView['findings'] {
  const { measures, overdue, stuck, feedback } = facts;
  const { estimates, workInProgress, throughput } = measures;
  const open = items.filter(({ status }) => !isClosed(status));
  const estimated = open.filter(({ estimatedHours }) => estimatedHours !== undefined).length;
  const rules: [boolean, string, string, string][] = [
    [overdue.length > 0, 'Work is late', `${tasks(overdue.length, 'open ')} past their due time`, 'tm overdue'],
    [
      stuck.needsDecision > 0,
      'Somebody has to decide',
      `${tasks(stuck.needsDecision)} waiting for cancelled ones`,
      'tm blocked --explain',
    ],
    [
      stuck.blocked > 0,
      'Tasks are blocked by hand',
      `${tasks(stuck.blocked)}, by whoever gave the reason`,
      'tm blocked --explain',
    ],
    [
      open.length >= ENOUGH && (100 * estimated) / open.length < HALF,
      'Most open tasks have no estimate',
      `${estimated} of ${open.length} open tasks have one`,
      'tm list status:open',
    ],
    [
      estimates.n >= ENOUGH && (estimates.medianRatio ?? 1) > 1.25,
      'Work takes longer than estimated',
      `median actual / estimate ${estimates.medianRatio} (n=${estimates.n})`,
      'tm metrics',
    ],
    [
      workInProgress.inProgress > Math.max(ENOUGH, throughput.completed),
      'More is in progress than gets finished',
      `${workInProgress.inProgress} in progress, ${throughput.completed} completed in ${facts.days} days`,
      'tm metrics --bottlenecks',
    ],
    [
      feedback.total >= ENOUGH && (feedback.coverage ?? 0) < HALF,
      'Little feedback is given',
      `${feedback.withFeedback} of ${feedback.total} completed tasks have feedback`,
      'tm metrics --feedback',
    ],
  ];
  return rules.flatMap(([holds, finding, evidence, command]) => (holds ? [{ finding, evidence, command }] : []));
}

function tasks(n: number, which = ''): string {
  return `${n} ${which}${n === 1 ? 'task' : 'tasks'}`;
}
