import { rounded } from '../../metrics/statistics.js';
import { counted } from '../../model/counted.js';
import type { Factor, FactorBasis } from './score.js';
import type { FactorName } from './weights.js';

/** What a part of a score was made from, in words. `nameOf` gives the name of a task by its id. */
export function describeFactor(factor: Factor, nameOf: (id: string) => string): string {
  switch (factor.name) {
    case 'readiness':
      return readinessWords(factor.basis);
    case 'urgency':
      return urgencyWords(factor.basis, nameOf);
    case 'priority':
      return `${factor.basis.priority} priority`;
    case 'business_value':
      return valueWords(factor.basis);
    case 'complexity_fit':
      return fitWords(factor.basis);
    case 'continuity': {
      const { last, shared } = factor.basis;
      const name = nameOf(last);
      return shared.length === 0
        ? `nothing in common with ${name}, the last one`
        : `like ${name}, the last one: ${shared.slice(0, 3).join(', ')}`;
    }
  }
}

/** Why a part is missing. */
export function describeMissing(name: FactorName): string {
  switch (name) {
    case 'continuity':
      return 'nothing is known of a task that you worked on before, or neither has tags, files or a language';
    case 'complexity_fit':
      return 'neither its complexity nor hours to fit it into are known';
    default:
      return 'nothing is known';
  }
}

/** The factors that speak for a task most, in words. */
export function describeReasons(factors: readonly Factor[], nameOf: (id: string) => string): string[] {
  return leadingFactors(factors).map((factor) => {
    if (factor.name === 'urgency') return pressingWords(factor.basis, nameOf);
    if (factor.name !== 'business_value') return describeFactor(factor, nameOf);
    const { explicit, dependants } = factor.basis;
    const value = explicit ? [`value ${explicit.value} of ${explicit.of}`] : [];
    return [...value, ...(dependants > 0 ? [waitingWords(dependants)] : [])].join(', ');
  });
}

const MOST_REASONS = 3;

/** The factors that bring the most, at most three; those that say little are left out. Where all do, its priority is said. */
export function leadingFactors(factors: readonly Factor[]): Factor[] {
  const sorted = [...factors].sort((a, b) => b.contribution - a.contribution);
  const telling = sorted.filter((factor) => factor.name !== 'readiness' && factor.score >= 0.3 && says(factor));
  if (telling.length > 0) return telling.slice(0, MOST_REASONS);
  return [sorted.find(({ name }) => name === 'priority') ?? sorted[0]].filter((factor) => factor !== undefined);
}

/** False where the basis is that of any task. */
function says(factor: Factor): boolean {
  if (factor.name === 'urgency')
    return factor.basis.due !== null || factor.basis.substitute.unknown === 0 || factor.score >= 0.5;
  if (factor.name === 'business_value') return factor.basis.explicit !== null || factor.basis.dependants > 0;
  if (factor.name === 'continuity') return factor.basis.shared.length > 0;
  return true;
}

function readinessWords({ described, estimated }: FactorBasis['readiness']): string {
  const text = described ? 'described' : 'no description or criteria';
  const hours = { kept: 'estimated by tm estimate', estimate: 'estimated' };
  return `${text}, ${estimated === null ? 'no estimate' : hours[estimated]}`;
}

function urgencyWords(basis: FactorBasis['urgency'], nameOf: (id: string) => string): string {
  const { due, substitute } = basis;
  const { unknown, source } = substitute;
  const stand = source === 'median' ? `the median of the others, ${hours(substitute.hours)}, stands` : '1 h stands';
  const guess = `${counted(unknown, 'open task has', 'open tasks have')} no hours: ${stand} for each`;
  const parts = [...(due ? [] : ['no due date depends on it']), pressingWords(basis, nameOf)];
  return [...parts, ...(unknown > 0 ? [guess] : [])].join('; ');
}

/** The date that presses, else its chain. */
function pressingWords({ due, chainHours, longestHours }: FactorBasis['urgency'], nameOf: (id: string) => string) {
  return due ? dueWords(due, nameOf) : `begins a chain of ${hours(chainHours)}; the longest is ${hours(longestHours)}`;
}

function dueWords({ at, of, slackHours }: NonNullable<FactorBasis['urgency']['due']>, nameOf: (id: string) => string) {
  const day = at.slice(0, 10);
  const what = `${nameOf(of)} is due ${day}`;
  return slackHours < 0 ? `${what}: ${hours(-slackHours)} too late already` : `${what}: ${hours(slackHours)} of slack`;
}

function valueWords({ explicit, dependants, hours: own }: FactorBasis['business_value']): string {
  const worth = explicit ? `value ${explicit.value} of ${explicit.of}` : 'no value given: its priority counts';
  const cost = own.known ? `for up to ${hours(own.p80)}` : `for the usual ${hours(own.usual)}`;
  return `${worth}, ${waitingWords(dependants)}, ${cost}`;
}

function fitWords({ hours: time, complexity, preferred }: FactorBasis['complexity_fit']): string {
  const parts: string[] = [];
  if (time)
    parts.push(
      time.p50 <= time.available
        ? `${hours(time.p50)} fit into ${hours(time.available)}`
        : `${hours(time.p50)} do not fit into ${hours(time.available)}`,
    );
  if (complexity) parts.push(`complexity ${complexity.score} of at most ${complexity.most}`);
  if (preferred)
    parts.push(preferred.met.length > 0 ? `preferred: ${preferred.met.join(', ')}` : 'not what is preferred');
  return parts.join(', ');
}

/** `2 tasks wait for it`. */
export function waitingWords(count: number): string {
  if (count === 0) return 'no task waits for it';
  return counted(count, 'task waits for it', 'tasks wait for it');
}

/** `3.5 h`. */
export function hours(value: number): string {
  return `${rounded(value, 1)} h`;
}
