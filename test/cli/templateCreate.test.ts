import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AppliedTemplateView } from '../../src/app/templates/templateViews.js';
import { Project } from './project.js';

describe('tm template create (which that tool never built)', () => {
  test('makes a template of tasks that makes them again, with all that they have', () => {
    const tm = new Project();
    const [design, build] = [
      tm.say('add', 'Design {{Login}}', '--tag', 'auth', '-p', 'critical', '--estimate', '2'),
      tm.say('add', 'Build Login', '--tag', 'auth', '--assignee', 'ann', '-d', 'As in\nthe design'),
    ];
    tm.say('add', 'Other');
    tm.say('dep', 'add', build, design);
    tm.say('dep', 'add', design, '3');
    tm.say('update', build, '--type', 'feature');
    expect(
      tm.say('template', 'create', 'login', '--from', 'tag:auth', '-d', 'How we do it', '--var', 'what=Login'),
    ).toBe("Template 'login' created with 2 tasks: templates/login.yaml");
    expect(tm.say('template', 'show', 'login')).toContain('  what (string, required) - In the place of “Login”');
    const { tasks } = tm.json<AppliedTemplateView>('template', 'apply', 'login', '--var', 'what=Search');
    expect(tasks).toMatchObject([
      { title: 'Design {{Search}}', priority: 'critical', tags: ['auth'], estimatedHours: 2, dependsOn: [] },
      {
        title: 'Build Search',
        assignee: 'ann',
        type: 'feature',
        description: 'As in\nthe design',
        dependsOn: [tasks[0]?.id],
      },
    ]);
  });

  test('takes tasks by name, or one with its subtasks, and overwrites only when told', () => {
    const tm = new Project();
    tm.say('add', 'Parent');
    tm.say('add', 'Child', '--parent', '1');
    tm.say('add', 'Grandchild', '--parent', '2');
    tm.say('add', 'Alone');
    tm.say('template', 'create', 'tree', '--from-task', 'T-1');
    expect(readFileSync(tm.beside('templates/tree.yaml'), 'utf8')).not.toContain('Alone');
    const { tasks } = tm.json<AppliedTemplateView>('template', 'apply', 'tree');
    expect(tasks.map((task) => [task.title, task.parent])).toEqual([
      ['Parent', undefined],
      ['Child', tasks[0]?.id],
      ['Grandchild', tasks[1]?.id],
    ]);
    expect(tm.run('template', 'create', 'tree', '--from', '4')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('templates/tree.yaml is there already'),
    });
    tm.say('template', 'create', 'tree', '--from', '4', '--force');
    expect(tm.say('template', 'show', 'tree')).toContain('0. Alone');
    expect(tm.run('template', 'create', 'x', '--from', 'tag:none').code).toBe(2);
    expect(tm.run('template', 'create', '../evil', '--from', '4').code).toBe(2);
    expect(tm.run('template', 'create', 'x').code).toBe(2);
    expect(tm.run('template', 'create', 'x', '--from', '99').code).toBe(3);
    expect(readdirSync(tm.beside('templates'))).toEqual(['tree.yaml']);
  });
});
