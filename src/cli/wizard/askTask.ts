import { autocompleteMultiselect, confirm, note, select, text } from '@clack/prompts';
import { checkNewTask } from '../../app/quick/quickTasks.js';
import type { CreateTaskInput } from '../../app/tasks/taskInputs.js';
import { plain } from '../../core/model/plainText.js';
import { PRIORITIES } from '../../core/model/priority.js';
import { taskName } from '../../core/model/taskId.js';
import type { Session } from '../session.js';
import { answered, complaint } from './answers.js';

/** Asks for the fields of a task, one by one; undefined where the person does not want it in the end. */
export async function askTask({ plan, tasks }: Session): Promise<CreateTaskInput | undefined> {
  // Each answer is checked as the field of a task that is otherwise right.
  const ask = async (message: string, field: (given: string) => Partial<CreateTaskInput>, placeholder = '') => {
    const read = (given: string | undefined) => (given?.trim() ? field(given.trim()) : {});
    const given = answered(
      await text({
        message,
        placeholder,
        validate: (value) => complaint(() => checkNewTask({ title: 'x', ...read(value) }, plan.now())),
      }),
    );
    return read(given);
  };
  const title = answered(
    await text({
      message: 'Title',
      validate: (given) => complaint(() => checkNewTask({ title: given ?? '' }, plan.now())),
    }),
  );
  const description = await ask('Description (optional)', (given) => ({ description: given }));
  const priority = answered(
    await select({
      message: 'Priority',
      initialValue: 'medium',
      options: PRIORITIES.map((value) => ({ value: value as string, label: value })),
    }),
  );
  const tags = await ask('Tags (optional)', (given) => ({ tags: given.split(/[\s,]+/) }), 'api docs');
  const assignee = await ask('Assignee (optional)', (given) => ({ assignee: given }));
  const due = await ask('Due (optional)', (given) => ({ due: given }), '2026-12-01, friday, +3d');
  const estimate = await ask('Estimated hours (optional)', (given) => ({ estimatedHours: Number(given) }));
  const open = tasks.select('status:open sort:-updated');
  const dependsOn =
    open.length === 0
      ? []
      : answered(
          await autocompleteMultiselect({
            message: 'Waits for (optional)',
            options: open.map((task) => ({ value: task.id, label: plain(`${taskName(task.number)}  ${task.title}`) })),
            maxItems: 8,
          }),
        );
  const task = { title, ...description, priority, ...tags, ...assignee, ...due, ...estimate };
  const waits = dependsOn.length > 0 ? { dependsOn } : {};
  note(
    Object.entries({ ...task, ...waits })
      .map(([field, value]) => plain(`${field}: ${Array.isArray(value) ? value.join(', ') : value}`))
      .join('\n'),
    'The task',
  );
  return answered(await confirm({ message: 'Create it?' })) ? { ...task, ...waits } : undefined;
}
