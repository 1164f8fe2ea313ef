import type { Priority } from '../../model/priority.js';
import type { Lines } from './markdownBlocks.js';

/** Why an item was taken for what it is, and how sure that is: see `CONFIDENCE`. */
export interface Read extends Lines {
  /** 0 to 1. */
  readonly confidence: number;
}

/**
 * How sure the reader is, by what it read an item from (algorithms.md 6.2): a word or number that says what it is; a
 * heading or table row in a section of such items; a list entry there; a sentence with must or shall anywhere.
 */
export const CONFIDENCE = { marked: 0.95, heading: 0.9, list: 0.75, sentence: 0.55 } as const;

/** What a document says of a feature as of a requirement. */
interface PrdItem extends Read {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly priority: Priority;
  /** False where the document gives no priority: then it is medium. */
  readonly priorityGiven: boolean;
  /** Ids of the items that it depends on. */
  readonly dependencies: readonly string[];
  /** Hours, where the document gives an estimate. */
  readonly estimatedEffort?: number;
  readonly owner?: string;
  readonly tags: readonly string[];
  readonly milestone?: string;
  /** Headings above it. */
  readonly path: readonly string[];
  readonly key: string;
}

export interface PrdFeature extends PrdItem {
  readonly businessValue?: string;
  readonly userStories: readonly PrdUserStory[];
  readonly requirementIds: readonly string[];
  readonly acceptanceCriteriaIds: readonly string[];
  /** As the document says, 1 to 10. */
  readonly estimatedComplexity?: number;
}

export interface PrdUserStory extends Lines {
  readonly text: string;
  readonly role: string;
  readonly goal: string;
  readonly benefit?: string;
}

export type RequirementType = 'functional' | 'non-functional' | 'technical' | 'business';

export interface PrdRequirement extends PrdItem {
  readonly type: RequirementType;
  /** Ids of its criteria. */
  readonly acceptanceCriteria: readonly string[];
  readonly implementationNotes?: string;
  /** The feature that it is part of. */
  readonly featureId?: string;
}

export interface PrdCriterion extends Read {
  readonly id: string;
  readonly description: string;
  readonly type: 'functional' | 'technical' | 'business' | 'performance';
  readonly testScenarios: readonly string[];
  readonly dependencies: readonly string[];
  readonly priority: Priority;
  /** The feature or requirement that it belongs to. */
  readonly ownerId?: string;
}

export type TaskRole = 'feature' | 'implement' | 'test' | 'document' | 'requirement';

export interface PrdTask extends Read {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly type: 'development' | 'testing' | 'documentation' | 'design' | 'research';
  readonly priority: Priority;
  readonly priorityGiven: boolean;
  readonly dependencies: readonly string[];
  readonly sourceReferences: readonly string[];
  readonly estimatedEffort?: number;
  readonly tags: readonly string[];
  /** Ids of the criteria that it has to meet. */
  readonly acceptanceCriteria: readonly string[];
  readonly implementationDetails?: string;
  readonly testRequirements?: string;
  readonly role: TaskRole;
  readonly parentId?: string;
  readonly owner?: string;
  readonly milestone?: string;
  /** The feature or requirement that it comes from. */
  readonly itemId: string;
  /** Stable: the same as long as project, headings above and title are. */
  readonly key: string;
}

export interface PrdDependency {
  /** What has to wait. */
  readonly sourceId: string;
  /** What has to be there first. */
  readonly targetId: string;
  readonly type: 'blocking' | 'required' | 'optional' | 'prerequisite';
  readonly strength: 'weak' | 'medium' | 'strong';
  readonly reason: string;
}

export interface UnresolvedDependency extends Lines {
  readonly sourceId: string;
  readonly text: string;
  readonly reason: string;
}

export interface PrdReview extends Read {
  readonly id: string;
  readonly kind: 'feature' | 'requirement' | 'criterion';
  readonly title: string;
  readonly reason: string;
}

export interface PrdSection extends Lines {
  readonly id: string;
  readonly title: string;
  readonly level: number;
  readonly content: string;
  readonly children: readonly PrdSection[];
  /** Ids of the features and requirements right below it. */
  readonly items: readonly string[];
}

export interface PrdMetadata {
  readonly title: string;
  readonly version?: string;
  readonly author?: string;
  readonly createdAt?: string;
  readonly modifiedAt?: string;
  readonly productName?: string;
  readonly targetAudience?: string;
  readonly type: 'feature' | 'enhancement' | 'bugfix' | 'refactor' | 'technical';
}

export interface PrdStatistics {
  readonly featureCount: number;
  readonly requirementCount: number;
  readonly acceptanceCriteriaCount: number;
  readonly taskCount: number;
  readonly dependencyCount: number;
  /** Of the features that give one; null where none does. */
  readonly averageComplexity: number | null;
  /** Mean over features and requirements; null where there are none. */
  readonly confidence: number | null;
}

/** A product requirements document, read: the field names of seed 002's `ParsedPRD`, and what is known beyond. */
export interface ParsedPrd {
  readonly title: string;
  readonly metadata: PrdMetadata;
  readonly features: readonly PrdFeature[];
  readonly requirements: readonly PrdRequirement[];
  readonly acceptanceCriteria: readonly PrdCriterion[];
  readonly tasks: readonly PrdTask[];
  readonly hierarchy: readonly PrdSection[];
  readonly dependencies: readonly PrdDependency[];
  readonly unresolvedDependencies: readonly UnresolvedDependency[];
  /** What is too uncertain to become tasks, and criteria that belong to nothing. */
  readonly needsReview: readonly PrdReview[];
  readonly statistics: PrdStatistics;
  /** What could not be read, such as a damaged front matter. */
  readonly warnings: readonly string[];
}
