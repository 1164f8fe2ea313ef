/** What is asked for takes SQLite itself: whoever catches this opens the store with it and asks again. */
export class EngineNeeded extends Error {
  override readonly name = 'EngineNeeded';
}
