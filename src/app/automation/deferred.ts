import type { Automation } from '../ports.js';

/** Automation that is made at the first change that it could be told of; not at all where `make` gives none. */
export function deferredAutomation(make: () => Promise<Automation | undefined>): Automation {
  let made: Promise<Automation | undefined> | undefined;
  const automation = () => {
    made ??= make();
    return made;
  };
  return {
    before: async (event) => (await automation())?.before(event),
    after: async (event) => (await automation())?.after(event),
  };
}
