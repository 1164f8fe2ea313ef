import type { Store } from '../../src/store/store.js';

export const idFor = (number: number) => number.toString(16).padStart(8, '0');

/** Adds a task with an id made from `number`. */
export function addTask(store: Store, number: number, title = `Task ${number}`): Promise<void> {
  return store.commit('tester', 'task.create', (transaction) => {
    const { at, actor } = transaction;
    transaction.insert('tasks', {
      id: idFor(number),
      number,
      title,
      status: 'pending',
      created_by: actor,
      created_at: at,
      updated_at: at,
    });
  });
}
