/** Version of the tables below, kept in SQLite's `user_version`. */
export const SCHEMA_VERSION = 5;

/** SQL for the number of the next task: never one that was used, be the task in the trash or gone from there. */
export const NEXT_NUMBER = `1 + max(
  (SELECT coalesce(max(number), 0) FROM tasks),
  (SELECT coalesce(max(number), 0) FROM trash),
  (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM meta WHERE key = 'last_number'))`;

/** The tables that version 3 added: also the step that brings an older store there. */
export const SCHEMA_3 = `
-- Who has read which notification: one reader takes nothing from the others.
CREATE TABLE notification_reads (
  notification_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  read_at TEXT NOT NULL,
  PRIMARY KEY (notification_id, agent_id)
) WITHOUT ROWID;

-- Agents that registered themselves; others are known by what they did.
CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL DEFAULT 'general',
  capabilities TEXT NOT NULL DEFAULT '[]',
  status TEXT NOT NULL DEFAULT 'active',
  registered_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) WITHOUT ROWID;

-- Time spent on tasks; an entry without an end is running.
CREATE TABLE time_entries (
  uid TEXT PRIMARY KEY,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  agent_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  note TEXT
) WITHOUT ROWID;
CREATE INDEX idx_time_entries_task ON time_entries (task_id);

-- Where imported tasks came from, so that importing twice changes nothing; kept when a task goes.
CREATE TABLE imported (
  source TEXT NOT NULL,
  external_id TEXT NOT NULL,
  task_id TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  -- What was imported, field by field, as a JSON object of hashes and edges: what differs from it was changed since.
  content TEXT,
  PRIMARY KEY (source, external_id)
) WITHOUT ROWID;
CREATE INDEX idx_imported_task ON imported (task_id);

-- What was answered to a request that named itself, so that repeating it does nothing twice.
CREATE TABLE requests (
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  result TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (request_id, action)
) WITHOUT ROWID;
`;

/** The table that version 4 added: also the step that brings an older store there. */
export const SCHEMA_4 = `
-- What was found out about a task, as a JSON object, and of what it follows: with the same inputs it is not asked again.
CREATE TABLE task_analyses (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('complexity', 'effort')),
  input_hash TEXT NOT NULL,
  result TEXT NOT NULL,
  analysed_at TEXT NOT NULL,
  analysed_by TEXT NOT NULL,
  PRIMARY KEY (task_id, kind)
) WITHOUT ROWID;
`;

/** The tables that version 5 added: also the step that brings an older store there. */
export const SCHEMA_5 = `
-- Runs: attempts to execute code for a task. The names of seed 002 where it has them.
CREATE TABLE code_executions (
  uid TEXT PRIMARY KEY,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  language TEXT NOT NULL CHECK (language IN ('python', 'javascript', 'typescript', 'bash', 'sql')),
  code TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'failed', 'timeout', 'cancelled')),
  output TEXT,
  error TEXT,
  truncated INTEGER NOT NULL DEFAULT 0,
  exit_code INTEGER,
  signal TEXT,
  -- What ended it before it was done: time, memory, processes, output, person.
  stopped_by TEXT,
  -- The limit, seconds.
  timeout REAL NOT NULL,
  -- Milliseconds.
  execution_time REAL,
  -- What really confined it: none, bubblewrap, sandbox-exec.
  sandbox TEXT NOT NULL DEFAULT 'none',
  -- JSON array of what was installed for it alone.
  packages TEXT NOT NULL DEFAULT '[]',
  -- Relative to the workspace.
  working_directory TEXT NOT NULL DEFAULT '.',
  executed_by TEXT NOT NULL,
  timestamp TEXT NOT NULL,
  ended_at TEXT
) WITHOUT ROWID;
CREATE INDEX idx_executions_task ON code_executions (task_id, timestamp);

-- Commits that belong to tasks; one that git could not resolve is not verified.
CREATE TABLE git_commits (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  commit_hash TEXT NOT NULL,
  commit_message TEXT,
  author TEXT,
  committed_at TEXT,
  files_changed INTEGER,
  insertions INTEGER,
  deletions INTEGER,
  verified INTEGER NOT NULL DEFAULT 0,
  -- Why it belongs to the task: given, trailer, message, branch.
  source TEXT NOT NULL DEFAULT 'given',
  linked_at TEXT NOT NULL,
  linked_by TEXT NOT NULL,
  PRIMARY KEY (task_id, commit_hash)
) WITHOUT ROWID;
`;

/**
 * The tables. `tasks`, `dependencies`, `file_refs`, `notifications`, `audit_log`, `participants`,
 * `collaboration_events` and `task_feedback` keep the names, columns and defaults that scripts of seed 000's users
 * rely on: an INSERT that names only a few columns works. The rest is added.
 */
export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE tasks (
  id TEXT PRIMARY KEY CHECK (length(id) = 8),
  title TEXT NOT NULL CHECK (length(title) > 0 AND length(title) <= 500),
  description TEXT CHECK (length(description) <= 5000),
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'in_progress', 'completed', 'blocked', 'cancelled')),
  priority TEXT DEFAULT 'medium' CHECK (priority IN ('background', 'low', 'medium', 'high', 'critical')),
  assignee TEXT,
  created_by TEXT NOT NULL DEFAULT 'user',
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  completed_at TEXT,
  success_criteria TEXT,
  feedback_quality INTEGER CHECK (feedback_quality BETWEEN 1 AND 5),
  feedback_timeliness INTEGER CHECK (feedback_timeliness BETWEEN 1 AND 5),
  feedback_notes TEXT,
  completion_summary TEXT,
  deadline TEXT,
  estimated_hours REAL,
  actual_hours NUMERIC,
  context TEXT,
  phase_id TEXT,
  impact_notes TEXT,
  tags TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  number INTEGER UNIQUE,
  type TEXT NOT NULL DEFAULT 'task',
  status_reason TEXT,
  parent_id TEXT REFERENCES tasks (id) ON DELETE SET NULL,
  project TEXT,
  milestone TEXT,
  not_before TEXT,
  started_at TEXT,
  business_value INTEGER,
  code_language TEXT,
  execution_environment TEXT,
  custom TEXT,
  claimed_by TEXT,
  claimed_at TEXT,
  claim_expires_at TEXT,
  claim_version INTEGER NOT NULL DEFAULT 0,
  updated_by TEXT,
  claim_branch TEXT,
  claim_worktree TEXT,
  archived_at TEXT,
  -- Encrypted fields: the ciphertext of a JSON object; what it holds is empty in the other columns.
  sealed TEXT
);
CREATE INDEX idx_task_status ON tasks (status);
-- What readiness asks of a dependency, without reading its row.
CREATE INDEX idx_task_open ON tasks (id, status);
CREATE INDEX idx_task_assignee ON tasks (assignee);
CREATE INDEX idx_task_priority ON tasks (priority);
CREATE INDEX idx_task_parent ON tasks (parent_id);

-- Another program's INSERT names no number: it gets the next one.
CREATE TRIGGER number_task AFTER INSERT ON tasks WHEN NEW.number IS NULL BEGIN
  UPDATE tasks SET number = ${NEXT_NUMBER} WHERE id = NEW.id;
END;

CREATE TABLE dependencies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  depends_on TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  created_at TEXT DEFAULT CURRENT_TIMESTAMP,
  type TEXT NOT NULL DEFAULT 'completion' CHECK (type IN ('completion', 'data', 'resource', 'conditional')),
  condition TEXT,
  UNIQUE (task_id, depends_on),
  CHECK (task_id != depends_on)
);
CREATE INDEX idx_deps_depends ON dependencies (depends_on);

CREATE TABLE links (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  target_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  type TEXT NOT NULL CHECK (type IN ('related', 'discovered_from', 'duplicates', 'supersedes')),
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (task_id, target_id, type),
  CHECK (task_id != target_id)
) WITHOUT ROWID;
CREATE INDEX idx_links_target ON links (target_id);

CREATE TABLE file_refs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  file_path TEXT NOT NULL CHECK (length(file_path) > 0),
  line_start INTEGER CHECK (line_start > 0),
  line_end INTEGER CHECK (line_end >= line_start),
  context TEXT,
  anchor TEXT,
  uid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4))))
);
CREATE INDEX idx_file_refs_task ON file_refs (task_id);
CREATE INDEX idx_file_refs_path ON file_refs (file_path);

CREATE TABLE notifications (
  id TEXT PRIMARY KEY DEFAULT (lower(hex(randomblob(8)))),
  task_id TEXT REFERENCES tasks (id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  target_agent TEXT,
  message TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  acknowledged BOOLEAN DEFAULT 0,
  sender TEXT,
  priority TEXT
);
CREATE INDEX idx_notif_target ON notifications (target_agent, acknowledged);
${SCHEMA_3}
${SCHEMA_4}
${SCHEMA_5}

CREATE TABLE participants (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  agent_id TEXT NOT NULL,
  joined_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (task_id, agent_id)
);

CREATE TABLE collaboration_events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  agent_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  content TEXT NOT NULL,
  request_id TEXT,
  created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
  uid TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(4)))),
  UNIQUE (task_id, request_id)
);
CREATE INDEX idx_collab_events_task_seq ON collaboration_events (task_id, seq);

CREATE VIEW task_feedback AS
  SELECT id AS task_id, feedback_quality AS quality_score, feedback_timeliness AS timeliness_score,
    feedback_notes AS notes, completed_at AS created_at
  FROM tasks WHERE feedback_quality IS NOT NULL OR feedback_timeliness IS NOT NULL OR feedback_notes IS NOT NULL;

-- The transactions, one row a changed row: what history, undo and "changed since" read. What a row was inserted with
-- stands in the row itself, and in the old values of what changed it since.
CREATE TABLE audit_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id TEXT NOT NULL,
  action TEXT NOT NULL,
  old_value TEXT,
  new_value TEXT,
  changed_by TEXT NOT NULL,
  changed_at TEXT DEFAULT CURRENT_TIMESTAMP,
  seq INTEGER,
  row_table TEXT,
  row_key TEXT
);
CREATE INDEX idx_audit_task ON audit_log (task_id);
CREATE INDEX idx_audit_seq ON audit_log (seq);

-- Deleted tasks with their rows, so that they can be put back.
CREATE TABLE trash (
  task_id TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  deleted_at TEXT NOT NULL,
  deleted_by TEXT NOT NULL,
  rows TEXT NOT NULL
) WITHOUT ROWID;
`;

/** The tables that transactions may change, each with the columns that name a row and the one that names its task. */
export const TABLES = {
  meta: { key: ['key'], task: undefined },
  tasks: { key: ['id'], task: 'id' },
  dependencies: { key: ['task_id', 'depends_on'], task: 'task_id' },
  links: { key: ['task_id', 'target_id', 'type'], task: 'task_id' },
  file_refs: { key: ['uid'], task: 'task_id' },
  notifications: { key: ['id'], task: 'task_id' },
  participants: { key: ['task_id', 'agent_id'], task: 'task_id' },
  collaboration_events: { key: ['uid'], task: 'task_id' },
  trash: { key: ['task_id'], task: 'task_id' },
  notification_reads: { key: ['notification_id', 'agent_id'], task: undefined },
  agents: { key: ['id'], task: undefined },
  time_entries: { key: ['uid'], task: 'task_id' },
  imported: { key: ['source', 'external_id'], task: 'task_id' },
  requests: { key: ['request_id', 'action'], task: undefined },
  task_analyses: { key: ['task_id', 'kind'], task: 'task_id' },
  code_executions: { key: ['uid'], task: 'task_id' },
  git_commits: { key: ['task_id', 'commit_hash'], task: 'task_id' },
} as const satisfies Record<string, { readonly key: readonly string[]; readonly task: string | undefined }>;

export type TableName = keyof typeof TABLES;
