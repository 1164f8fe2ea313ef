/** What holds for every run unless the call says otherwise, and how far it may. */
export const LIMITS = {
  /** Seconds; the default is seed 002's. */
  timeout: { default: 30, most: 3600 },
  /** MiB. */
  memory: { default: 512, least: 128, most: 16_384 },
  /** Characters of code. */
  code: 256 * 1024,
  /** Bytes that are kept of stdout, and of stderr. */
  output: 256 * 1024,
  /** Bytes on both together at which a run that does not stop writing is ended. */
  flood: 64 * 1024 * 1024,
  /** Processes and their descendants at once. */
  processes: 64,
  /** Packages for one run. */
  packages: 20,
} as const;
