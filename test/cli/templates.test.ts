import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AppliedTemplateView } from '../../src/app/templates/templateViews.js';
import { Project } from './project.js';

const SHIPPED = ['bug-fix', 'code-review', 'feature', 'incident', 'refactoring', 'release'];
const folder = join(import.meta.dirname, '../../templates');

/** What section 3.7 of that tool's format has, all of it. */
const WHOLE = `name: launch
version: "2.1"
description: Everything that a template can say
tags: [a, b]
variables:
  product: {type: string, description: Its name, required: true, validation: {pattern: "[A-Z]", min: 2, max: 20}}
  days: {type: number, default: 3, validation: {min: 1, max: 10}}
  owner: {type: string}
  loud: {type: boolean, default: false}
  areas: {type: array, default: [api]}
tasks:
  - title: Plan {{product}}
    priority: critical
    criteria:
      - Written down
      - criterion: At most {{days}} days
        measurable: days <= {{days}}
    estimated_hours: "{{days * 2}}"
    assignee: "{{owner}}"
    tags: ["{{areas}}", launch]
  - title: Build {{product}}
    id: build
    status: blocked
    description: "In {{days}} days{{loud ? '!' : '.'}}"
    depends_on: [0]
    estimated_hours: "{{days * 8 / 2}}"
    subtasks:
      - title: Build the first half
      - title: Build the second half
        depends_on: [0]
  - title: Announce {{product}}
    depends_on: build
  - title: Celebrate
dependencies: {"3": [2, 0]}
`;

describe('tm template', () => {
  test('list has the five and more that ship (that tool shipped none), in its lines', () => {
    const tm = new Project();
    const lines = tm.say('template', 'list').split('\n');
    expect(lines.slice(0, 3)).toEqual(['Available Templates:', expect.stringMatching(/^=+$/), '']);
    expect(lines.slice(3, 6)).toEqual([
      'bug-fix (v1.0)',
      '  A bug, reproduced before it is mended, and kept from coming back',
      '  Tags: development, bug',
    ]);
    expect(lines.filter((line) => line.endsWith('(v1.0)')).map((line) => line.split(' ')[0])).toEqual(SHIPPED);
    expect(readdirSync(folder).sort()).toEqual(SHIPPED.map((name) => `${name}.yaml`));
  });

  test('of those that ship each is valid and makes its tasks', () => {
    const tm = new Project();
    const words: Record<string, string[]> = {
      'bug-fix': ['bug=It crashes', 'issue=#12'],
      'code-review': ['change=PR 7'],
      feature: ['feature=Dark mode', 'assignee=ann', 'labels=ui,theme'],
      incident: ['incident=No logins'],
      refactoring: ['target=the parser', 'files=src/a.ts,src/b.ts:3'],
      release: ['version=2.1.0', 'date=2026-12-01'],
    };
    for (const name of SHIPPED) {
      expect(tm.say('template', 'validate', join(folder, `${name}.yaml`))).toMatch(
        / is valid: \d+ tasks, \d variables$/,
      );
      expect(
        tm.json<AppliedTemplateView>('template', 'apply', name, '--var', ...(words[name] ?? [])).tasks.length,
      ).toBeGreaterThan(3);
    }
    const find = (title: string) => tm.list(`"${title}"`).tasks.find((task) => task.title === title);
    expect(find('Design Dark mode')).toMatchObject({ tags: ['ui', 'theme'], assignee: 'ann', estimatedHours: 6 });
    expect(tm.task(find('Reproduce: It crashes')?.id ?? '').description).toBe('Reported: #12');
    expect(find('Publish 2.1.0')).toMatchObject({ priority: 'critical', due: expect.stringMatching(/^2026-1[12]-/) });
    expect(tm.list('status:ready').tasks.map((task) => task.title)).toContain('Plan the steps for the parser');
  });

  test('apply keeps dependencies and criteria (that tool dropped both), takes critical (it failed), all fields and subtasks', () => {
    const tm = new Project();
    tm.put('templates/launch.yaml', WHOLE);
    const text = tm.say('template', 'apply', 'launch', '--var', 'product=Rocket', 'days=4', '--var', 'areas=api,ui');
    const tasks = tm.list('sort:number').tasks.map(({ id }) => tm.task(id));
    expect(text).toBe(
      [
        ...tasks.map((task) => `Created task ${task.id}: ${task.title}`),
        '',
        "Successfully created 6 tasks from template 'launch'",
      ].join('\n'),
    );
    const [plan, build, first, second, announce, celebrate] = tasks;
    expect(plan).toMatchObject({
      title: 'Plan Rocket',
      priority: 'critical',
      estimatedHours: 8,
      tags: ['api', 'ui', 'launch'],
      criteria: [
        { criterion: 'Written down', done: false },
        { criterion: 'At most 4 days', measurable: 'days <= 4', done: false },
      ],
    });
    expect(plan?.assignee).toBeUndefined();
    expect(build).toMatchObject({
      dependsOn: [plan?.id],
      status: 'blocked',
      description: 'In 4 days.',
      estimatedHours: 16,
      subtasks: [first?.id, second?.id],
    });
    expect(second).toMatchObject({ parent: build?.id, dependsOn: [first?.id] });
    expect(announce?.dependsOn).toEqual([build?.id]);
    expect(celebrate?.dependsOn).toEqual([plan?.id, announce?.id]);
  });

  test('apply is one change: one undo, one request; and nothing where one task is wrong', () => {
    const tm = new Project();
    const named = tm.with({ env: { TM_REQUEST_ID: 'once' } });
    const first = named.json<AppliedTemplateView>('template', 'apply', 'feature', '--var', 'feature=Search');
    const again = named.json<AppliedTemplateView>('template', 'apply', 'feature', '--var', 'feature=Search');
    expect(again.tasks.map((task) => task.id)).toEqual(first.tasks.map((task) => task.id));
    expect(tm.list().total).toBe(5);
    tm.say('undo');
    expect(tm.list().total).toBe(0);
    tm.put(
      'templates/t.yaml',
      'name: t\nversion: "1"\ndescription: d\ntasks:\n  - title: fine\n  - title: waits\n    depends_on: T-99\n',
    );
    const before = tm.disk();
    expect(tm.run('template', 'apply', 't')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('templates/t.yaml:7: tasks[1].depends_on: '),
    });
    expect(tm.disk()).toEqual(before);
  });

  test('apply can make tasks wait for tasks that are there', () => {
    const tm = new Project();
    const id = tm.say('add', 'Already here');
    tm.put(
      'templates/t.yaml',
      'name: t\nversion: "1"\ndescription: d\nvariables: {after: {type: string}}\ntasks: [{title: next, depends_on: ["{{after}}"]}]\n',
    );
    tm.say('template', 'apply', 't', '--var', 'after=T-1');
    expect(tm.task('2').dependsOn).toEqual([id]);
    tm.say('template', 'apply', 't');
    expect(tm.task('3').dependsOn).toEqual([]);
  });

  test('apply --dry-run writes nothing and says what would be made', () => {
    const tm = new Project();
    const before = tm.disk();
    const lines = tm.say('template', 'apply', 'bug-fix', '--var', 'bug=Crash', '--dry-run').split('\n');
    expect(lines[0]).toBe('Would create: Reproduce: Crash');
    expect(lines[1]).toBe('Would create: Find the cause: Crash · after Reproduce: Crash');
    expect(lines.at(-1)).toBe("Would create 4 tasks from template 'bug-fix'");
    expect(tm.disk()).toEqual(before);
  });

  test('apply lets the hooks see each task, and one refusal refuses all', () => {
    const tm = new Project();
    tm.hooks({ 'pre-task': 'case "$1" in *cause*) echo "no causes"; exit 1;; esac', 'post-task': 'echo "$2" >> made' });
    expect(tm.run('template', 'apply', 'bug-fix', '--var', 'bug=X')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no causes'),
    });
    expect(tm.list().total).toBe(0);
    tm.say('template', 'apply', 'refactoring', '--var', 'target=X');
    expect(tm.written('made').trim().split('\n')).toHaveLength(5);
  });

  test('errors name the file, the line and the variable', () => {
    const tm = new Project();
    tm.put('templates/launch.yaml', WHOLE);
    const refusal = (...vars: string[]) => {
      const { code, stdout, stderr } = tm.run('template', 'apply', 'launch', '--var', ...vars);
      expect([code, stdout]).toEqual([2, '']);
      return stderr.trim();
    };
    expect(refusal('days=2')).toBe(
      'Error: templates/launch.yaml:6: variables.product: variable “product” (Its name) is required: give --var product=…',
    );
    expect(refusal('product=x')).toContain(
      'launch.yaml:6: variables.product: variable “product”: "x" does not match [A-Z]',
    );
    expect(refusal('product=X')).toContain('"X" is not at least 2 long');
    expect(refusal('product=Xy', 'days=many')).toContain(
      'launch.yaml:7: variables.days: variable “days”: “many” is not a number',
    );
    expect(refusal('product=Xy', 'days=11')).toContain('11 is not at most 10');
    expect(refusal('product=Xy', 'loud=perhaps')).toContain('“perhaps” is not true or false');
    expect(refusal('product=Xy', 'colour=red')).toContain(
      'variable “colour” is not one of this template. It has product, days, owner, loud, areas.',
    );
    expect(refusal('nonsense')).toContain('--var nonsense: write name=value.');
    expect(tm.run('template', 'apply', 'nothing')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('There is no template “nothing”. There is bug-fix,'),
    });
    expect(tm.list().total).toBe(0);
  });

  test('apply leaves out what belongs to a feature that is switched off, and says so once', () => {
    const tm = new Project();
    tm.say('config', '--disable', 'success-criteria');
    const { stdout, stderr } = tm.run('template', 'apply', 'bug-fix', '--var', 'bug=X');
    expect(stdout).toContain('Successfully created 4 tasks');
    expect(stderr.match(/Feature 'success-criteria' is disabled/g)).toHaveLength(1);
    expect(tm.task('1').criteria).toEqual([]);
  });

  test('show tells of variables and tasks; JSON too', () => {
    const tm = new Project();
    tm.put('templates/launch.yaml', WHOLE);
    const text = tm.say('template', 'show', 'launch');
    expect(text).toContain('  product (string, required) - Its name\n  days (number, default 3)');
    expect(text).toContain('  1. Build {{product}}\n  2.   Build the first half');
    expect(tm.json<{ template: object }>('template', 'show', 'launch').template).toMatchObject({
      tasks: 6,
      file: 'templates/launch.yaml',
    });
    expect(tm.run('template', 'show', 'none').code).toBe(3);
  });

  test('one of the project’s own goes before the one that ships; a broken one is named, and the others are there', () => {
    const tm = new Project();
    tm.put(
      'templates/feature.json',
      JSON.stringify({ name: 'feature', version: '9', description: 'Ours', tasks: [{ title: 'Ours' }] }),
    );
    tm.put('templates/broken.yaml', 'name: broken\nversion: 1\ntasks: []\n');
    tm.put('templates/worse.yml', 'a: [1\nb: 2');
    const { stdout, stderr } = tm.run('template', 'list');
    expect(stdout).toContain('feature (v9)\n  Ours\n');
    expect(stderr).toContain('templates/broken.yaml:2: version: has to be a text: write it in quotes, as "1.0"');
    expect(stderr).toContain('templates/broken.yaml:1: description: is missing');
    expect(stderr).toContain('templates/broken.yaml:3: tasks: there is none');
    expect(stderr).toMatch(/templates\/worse\.yml:2: /);
    expect(tm.run('template', 'apply', 'broken').code).toBe(2);
    tm.say('template', 'apply', 'feature');
    expect(tm.list().tasks.map((task) => task.title)).toEqual(['Ours']);
  });
});

describe('hostile templates', () => {
  const apply = (tm: Project, title: string, rest = '') => {
    tm.put(
      'templates/t.yaml',
      `name: t\nversion: "1"\ndescription: d\nvariables: {n: {type: number, default: 2}, s: {type: string, default: abc}}\ntasks:\n  - title: ${JSON.stringify(title)}\n${rest}`,
    );
    return tm.run('template', 'apply', 't');
  };

  test('run no code (that tool evaluated it): the spec’s attack and others are refused', () => {
    const tm = new Project();
    for (const attack of [
      '().__class__.__base__.__subclasses__().__len__() - 1',
      'constructor.constructor("return process")().exit(3)',
      's.constructor',
      's.__proto__',
      'process.exit(3)',
      'globalThis',
      'require("fs")',
      'import("fs")',
      '[].map(x, x).constructor',
      '`x`',
      'n; n',
      's.matches("(a+)+$")',
      '"a" * 3',
      '1 / 0',
      '',
    ]) {
      const { code, stderr } = apply(tm, `{{${attack}}}`);
      expect(code, attack).toBe(2);
      expect(stderr, attack).toContain('templates/t.yaml:6: tasks[0].title: ');
    }
    expect(apply(tm, 'open {{n')).toMatchObject({ code: 2, stderr: expect.stringContaining('has no closing }}') });
    expect(tm.list().total).toBe(0);
  });

  test('and the safe ones work: arithmetic, conditions, texts, braces in quotes', () => {
    const tm = new Project();
    const title = (text: string) => {
      expect(apply(tm, text)).toMatchObject({ code: 0, stderr: '' });
      return tm.list('sort:-number').tasks[0]?.title;
    };
    expect(title('{{n * 2}} {{n / 4}} {{n % 2 == 0.0}} {{1.5 * n + 1}}')).toBe('4 0.5 true 4');
    expect(title('{{s.upperAscii()}}{{n > 1 ? " many" : " few"}} {{size(s)}} {{"{{"}}s}}')).toBe('ABC many 3 {{s}}');
  });

  test('with circles, wrong places and wrong values are refused with their line', () => {
    const tm = new Project();
    const refusal = (rest: string) => apply(tm, 'one', rest).stderr;
    expect(refusal('    depends_on: two\n  - {title: two, depends_on: [0]}\n')).toContain(
      'tasks wait for each other: one → two → one',
    );
    expect(refusal('    depends_on: [0]\n')).toContain('tasks wait for each other: one → one');
    expect(refusal('    depends_on: [5]\n')).toContain('t.yaml:7: tasks[0].depends_on[0]: there is no task 5 here');
    expect(refusal('    depends_on: nowhere\n')).toContain('“nowhere” is neither the id nor the title');
    expect(refusal('    priority: bogus\n')).toContain('t.yaml:7: tasks[0].priority: Invalid priority: “bogus”');
    expect(refusal('    status: bogus\n')).toContain('t.yaml:7: tasks[0].status: ');
    expect(refusal('    estimated_hours: "{{s}}"\n')).toContain(
      't.yaml:7: tasks[0].estimated_hours: "abc" is not a number',
    );
    expect(refusal('    due: someday\n')).toContain('t.yaml:7: tasks[0].due: ');
    expect(refusal('    tags: [a b]\n')).toContain('t.yaml:7: tasks[0].tags');
    expect(refusal('    status: completed\n    depends_on: [1]\n  - title: two\n')).toContain(
      'cannot be completed: it waits for other tasks',
    );
    expect(refusal('    id: x\n  - {title: two, id: x}\n')).toContain('another task has the id “x” already');
    expect(refusal('dependencies: {"0": [7]}\n')).toContain('there is no task 7');
    expect(tm.list().total).toBe(0);
  });

  test('with endless aliases, or too large, are refused', () => {
    const tm = new Project();
    const aliases = Array.from(
      { length: 9 },
      (_, at) =>
        `l${at}: &l${at} [${Array(9)
          .fill(at === 0 ? 'x' : `*l${at - 1}`)
          .join(', ')}]`,
    );
    tm.put('templates/bomb.yaml', `${aliases.join('\n')}\nname: bomb\nversion: "1"\ndescription: d\ntasks: *l8\n`);
    expect(tm.run('template', 'apply', 'bomb')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bomb.yaml'),
    });
    tm.put('templates/large.yaml', `name: large\n# ${'x'.repeat(300_000)}\n`);
    expect(tm.run('template', 'apply', 'large')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is larger than 256 KB'),
    });
  });

  test('validate says what is wrong without making anything, and warns of what means nothing', () => {
    const tm = new Project();
    tm.put('templates/launch.yaml', `${WHOLE}colour: red\n`);
    const file = tm.beside('templates/launch.yaml');
    expect(tm.run('template', 'validate', file)).toEqual({
      code: 0,
      stdout: "Template 'launch' is valid: 6 tasks, 5 variables\n",
      stderr: `Warning: .task-orchestrator/templates/launch.yaml:35: colour: is not known, and left out\n`,
    });
    tm.put('templates/launch.yaml', WHOLE.replace('{{days * 2}}', '{{dayz * 2}}'));
    expect(tm.run('template', 'validate', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'launch.yaml:18: tasks[0].estimated_hours: {{dayz * 2}} is refused: unknown variable “dayz”. There is product, days',
      ),
    });
    expect(tm.run('template', 'validate', 'nowhere.yaml').code).toBe(3);
    expect(tm.list().total).toBe(0);
  });
});
