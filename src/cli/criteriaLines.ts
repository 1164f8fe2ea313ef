import type { ValidationView } from '../app/criteria/criteriaInputs.js';
import { plain } from '../core/model/plainText.js';
import type { Style } from './terminal/style.js';

const MARKS = { passed: '✓', failed: '✗', unknown: '?' } as const;
const COLOURS = { passed: 'green', failed: 'red', unknown: 'yellow' } as const;

type Criterion = ValidationView['criteria'][number];

/** The report that scripts know from seed 000's tool. */
export function validationReport({ criteria, passed, total }: ValidationView, style: Style): string {
  return [
    '=== Success Criteria Validation Report ===',
    `Overall: ${passed}/${total} criteria passed`,
    ...criteria.flatMap((criterion) => [
      '',
      `${mark(criterion, style)} Criterion ${criterion.number}: ${plain(criterion.criterion)}`,
      ...(criterion.measurable === undefined ? [] : [`  Measurable: ${plain(criterion.measurable)}`]),
      `  Result: ${plain(criterion.result)}`,
    ]),
  ].join('\n');
}

/** One line a criterion: `[x] 1. text :: expression  ✓ why`. */
export function criterionLine(criterion: Criterion, style: Style): string {
  const { done, number, criterion: text, measurable, result } = criterion;
  const expression = measurable === undefined ? '' : ` :: ${plain(measurable)}`;
  return `[${done ? 'x' : ' '}] ${number}. ${plain(text)}${expression}  ${mark(criterion, style)} ${plain(result)}`;
}

function mark({ verdict }: Criterion, style: Style): string {
  return style[COLOURS[verdict]](MARKS[verdict]);
}
