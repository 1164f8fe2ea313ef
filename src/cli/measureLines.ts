import type { MeasuresView } from '../app/metrics/metricsInputs.js';
import type { AccuracyView } from '../app/planning/effort/effortInputs.js';
import { counted } from '../core/model/counted.js';
import { lengthOf, percent } from './numbers.js';

/** A measure with what it is reckoned from: `Cycle time   2h 10m median, 5h for 85 %   n=12: first start to …`. */
export interface MeasureLine {
  readonly name: string;
  readonly value: string;
  readonly basis: string;
}

/** The measures in words, every one with its basis. */
export function measureLines(measures: MeasuresView): MeasureLine[] {
  const { throughput, cycleTime, leadTime, velocity, estimates, effort, criteria, deadlines, workInProgress } =
    measures;
  const spread = ({ n, medianHours, p85Hours }: MeasuresView['cycleTime']) =>
    n === 0 ? 'no data' : `${lengthOf(medianHours)} median, ${lengthOf(p85Hours)} for 85 %`;
  const perWeek = (value: number | null, unit: string) =>
    value === null ? `no data for ${unit}` : `${value} ${unit} a week`;
  return [
    {
      name: 'Throughput',
      value: `${throughput.completed} completed, ${throughput.created} created`,
      basis: throughput.basis,
    },
    { name: 'Cycle time', value: spread(cycleTime), basis: `n=${cycleTime.n}: ${cycleTime.basis}` },
    { name: 'Lead time', value: spread(leadTime), basis: `n=${leadTime.n}: ${leadTime.basis}` },
    {
      name: 'Velocity',
      value: `${perWeek(velocity.tasksPerWeek, 'tasks')}, ${perWeek(velocity.estimatedHoursPerWeek, 'estimated hours')}`,
      basis: `n=${velocity.n}, ${velocity.estimated} with an estimate, in ${Math.round(velocity.weeks * 10) / 10} weeks: ${velocity.basis}`,
    },
    {
      name: 'Estimate error',
      value:
        estimates.medianRelativeError === null
          ? 'no data'
          : `${Math.round(estimates.medianRelativeError * 100)}% median; actual is ${estimates.medianRatio} × the estimate`,
      basis: `n=${estimates.n}: ${estimates.basis}`,
    },
    {
      name: 'tm estimate error',
      value: accuracyWords(effort),
      basis: `n=${effort.n}: ${effort.basis}`,
    },
    {
      name: 'Criteria met',
      value: criteria.rate === null ? 'no data' : `${percent(criteria.rate)} (${criteria.passed} of ${criteria.n})`,
      basis: `${counted(criteria.tasks, 'task')}: ${criteria.basis}`,
    },
    {
      name: 'Deadlines met',
      value: `${deadlines.rate === null ? 'no data' : `${percent(deadlines.rate)} (${deadlines.met} of ${deadlines.n})`}; ${deadlines.overdueNow} overdue now`,
      basis: `n=${deadlines.n}: ${deadlines.basis}`,
    },
    {
      name: 'In progress',
      value: `${workInProgress.inProgress}, ${workInProgress.claimed} claimed${workInProgress.oldestHours === null ? '' : `; the oldest for ${lengthOf(workInProgress.oldestHours)}`}`,
      basis: workInProgress.basis,
    },
  ];
}

/** `25% median; 82.5% of the actual hours within p80; actual is 1.1 × p50`. */
export function accuracyWords({ medianRelativeError: error, withinP80, medianRatio }: AccuracyView): string {
  if (error === null) return 'no data';
  return `${Math.round(error * 100)}% median; ${percent(withinP80)} of the actual hours within p80; actual is ${medianRatio} × p50`;
}
