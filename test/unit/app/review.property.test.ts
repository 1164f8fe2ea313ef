import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Review } from '../../../src/app/review/review.js';
import { checkAsync } from '../../support/check.js';
import { storePath } from '../../support/stores.js';
import { attempts, planned, tryAll } from './attempts.js';
import { openPlan, TestClock } from './openPlan.js';

const lists = fc.tuple(fc.array(attempts, { maxLength: 10 }), fc.array(attempts, { minLength: 1, maxLength: 12 }));

test('taking back all of an actor gives what was planned before, and undoing that gives what he made of it; accepting leaves nothing to look at', async () => {
  await checkAsync(
    fc.asyncProperty(lists, async ([before, after]) => {
      const [path, clock] = [storePath(), new TestClock()];
      const ann = await openPlan(path, { clock, actor: () => 'ann' });
      const bot = await openPlan(path, { clock, actor: () => 'bot' });
      const review = new Review(ann.plan);
      const { id: first } = await ann.tasks.create({ title: 'First', fileRefs: ['src/a.ts:1'] });
      const { id: second } = await ann.tasks.create({ title: 'Second', dependsOn: [first] });
      await ann.tasks.create({ title: 'Third', dependsOn: [second], parent: first });
      await tryAll(ann, before);
      const [tasks, dependencies, references] = planned(ann);
      bot.plan.store.refresh();
      await tryAll(bot, after);
      const made = planned(ann);
      const waiting = review.list().actors;
      if (waiting.length > 0) {
        const { seq } = await review.revert({ actor: 'bot' });
        expect(planned(ann).slice(0, 3)).toEqual([tasks, dependencies, references]);
        expect(review.list()).toMatchObject({ actors: [], total: 0 });
        await ann.history.undo({ seq });
        expect(planned(ann)).toEqual(made);
        expect(review.list().actors).toEqual(waiting);
      } else expect(made.slice(0, 3)).toEqual([tasks, dependencies, references]);
      // What is remembered is what is read anew.
      expect(new Review(ann.plan).list()).toEqual(review.list());
      await review.accept();
      expect(review.list()).toMatchObject({ actors: [], total: 0 });
    }),
    40,
  );
}, 120_000);
