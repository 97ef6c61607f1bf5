/** A condition in one window. What has not matured or was not measured is unknown, never false. */
export interface TriggerWindow {
  readonly start: string;
  readonly holds: boolean | "unknown";
  /** Names that had no value. */
  readonly unknown: readonly string[];
  /** Values of the names that had one. */
  readonly values: Readonly<Record<string, number | boolean>>;
}

/** A moment at which a trigger fired, or would have fired and was held back. */
export interface Firing {
  /** End of the window with which it fired. */
  readonly at: string;
  readonly window: string;
  /** When all that it rests on was known: the end of that window, or the end of its label delay where labels are named. */
  readonly seen: string;
  /** Absent where it fired. */
  readonly heldBack?: "quality" | "cooldown" | "labels";
  readonly reason: string;
}

/** A clause `retrain.<id>` over the windows of a report. */
export interface TriggerReport {
  readonly id: string;
  readonly clause: string;
  readonly owner: string;
  readonly when: string;
  readonly for: string;
  readonly cooldown: string;
  /** In the newest window: it does not hold, it holds in too few windows or cannot be told, it is met. */
  readonly state: "quiet" | "building" | "unknown" | "met";
  /** The last firing, while it has not been left again: what a request rests on. */
  readonly standing?: Firing;
  /** Windows that it looks at, oldest first: those whose labels have matured where it names `mature.`, otherwise all. */
  readonly windows: readonly TriggerWindow[];
  readonly firings: readonly Firing[];
}
