import { type Template, TemplateProblem, type TemplateValue, type TemplateVariable } from './template.js';

export type TemplateValues = Readonly<Record<string, TemplateValue>>;

/**
 * The values of a template's variables: those given (texts are read as the variable's type), else the defaults.
 * Throws TemplateProblem for one that is missing, unknown, or not what the template allows.
 */
export function readValues(template: Template, given: Readonly<Record<string, unknown>>): TemplateValues {
  const names = Object.keys(template.variables);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    const known = names.length > 0 ? `It has ${names.join(', ')}.` : 'It has none.';
    throw new TemplateProblem(['variables'], `variable “${name}” is not one of this template. ${known}`);
  }
  return Object.fromEntries(
    Object.entries(template.variables).map(([name, variable]) => [name, variableValue(name, variable, given[name])]),
  );
}

/** The value that stands for a variable where there is none yet: for looking at a template. */
export function sampleValue({ type, default: given, validation }: TemplateVariable): TemplateValue {
  if (given !== undefined) return given;
  const [first] = validation?.enum ?? [];
  if (first !== undefined) return first;
  return { string: 'sample', number: validation?.min ?? 1, boolean: true, array: [] }[type];
}

function variableValue(name: string, variable: TemplateVariable, given: unknown): TemplateValue {
  const path = ['variables', name];
  if (given === undefined) {
    if (variable.default !== undefined) return variable.default;
    if (variable.required) {
      const about = variable.description === undefined ? '' : ` (${variable.description})`;
      throw new TemplateProblem(path, `variable “${name}”${about} is required: give --var ${name}=…`);
    }
    return { string: '', number: 0, boolean: false, array: [] }[variable.type];
  }
  const value = typeof given === 'string' ? readText(name, variable, given) : given;
  return checkValue(name, variable, value);
}

function readText(name: string, { type }: TemplateVariable, text: string): TemplateValue {
  const wrong = (what: string) =>
    new TemplateProblem(['variables', name], `variable “${name}”: “${text}” is not ${what}`);
  if (type === 'string') return text;
  if (type === 'number') {
    const number = Number(text);
    if (text.trim() === '' || !Number.isFinite(number)) throw wrong('a number');
    return number;
  }
  if (type === 'boolean') {
    if (/^(true|yes|on|1)$/i.test(text)) return true;
    if (/^(false|no|off|0)$/i.test(text)) return false;
    throw wrong('true or false');
  }
  if (!text.trimStart().startsWith('[')) {
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }
  try {
    const list: unknown = JSON.parse(text);
    if (isValue(list) && Array.isArray(list)) return list;
  } catch {
    // Said below.
  }
  throw wrong('a list: write a,b,c or a JSON array');
}

/** Throws unless the value is of the variable's type and within what the template allows. */
export function checkValue(name: string, { type, validation }: TemplateVariable, value: unknown): TemplateValue {
  const problem = (message: string) => new TemplateProblem(['variables', name], `variable “${name}”: ${message}`);
  const fits = type === 'array' ? Array.isArray(value) && isValue(value) : typeof value === type;
  if (!fits || !isValue(value)) throw problem(`${JSON.stringify(value)} is not of the type ${type}`);
  const { pattern, min, max, enum: choices } = validation ?? {};
  const shown = JSON.stringify(value);
  if (choices && !choices.some((choice) => JSON.stringify(choice) === shown))
    throw problem(`${shown} is not one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`);
  if (pattern !== undefined && typeof value === 'string' && !new RegExp(`^(?:${pattern})`, 'u').test(value))
    throw problem(`${shown} does not match ${pattern}`);
  const size = typeof value === 'number' ? value : typeof value === 'boolean' ? undefined : value.length;
  const measure = typeof value === 'number' ? '' : ' long';
  if (size !== undefined && min !== undefined && size < min) throw problem(`${shown} is not at least ${min}${measure}`);
  if (size !== undefined && max !== undefined && size > max) throw problem(`${shown} is not at most ${max}${measure}`);
  return value;
}

function isValue(value: unknown): value is TemplateValue {
  if (Array.isArray(value)) return value.every(isValue);
  return (
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  );
}
