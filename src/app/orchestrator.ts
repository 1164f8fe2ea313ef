import type { Store } from '../store/store.js';
import { Claims } from './claims/claims.js';
import { Dependencies } from './dependencies/dependencies.js';
import { GraphPictures } from './graph/graphPictures.js';
import { History } from './history/history.js';
import { Plan } from './plan.js';
import type { World } from './ports.js';
import { References } from './references/references.js';
import { Tasks } from './tasks/tasks.js';
import { Trash } from './trash/trash.js';

/** Every capability over one store: what the surfaces talk to. */
export class Orchestrator {
  readonly plan: Plan;
  readonly tasks: Tasks;
  readonly claims: Claims;
  readonly dependencies: Dependencies;
  readonly references: References;
  readonly graph: GraphPictures;
  readonly history: History;
  readonly trash: Trash;

  constructor(store: Store, world: World) {
    this.plan = new Plan(store, world);
    this.references = new References(this.plan);
    this.tasks = new Tasks(this.plan, this.references);
    this.claims = new Claims(this.plan, this.tasks);
    this.dependencies = new Dependencies(this.plan);
    this.graph = new GraphPictures(this.plan);
    this.history = new History(this.plan);
    this.trash = new Trash(this.plan, this.tasks);
  }

  dispose(): void {
    this.plan.dispose();
  }
}
