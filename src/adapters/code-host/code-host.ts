/** What became of a comment or an issue. */
export interface Posted {
  readonly done: "created" | "updated" | "unchanged" | "closed" | "nothing";
  /** Page of it for people. */
  readonly url?: string;
}

/** State of a check on a commit. */
export interface CommitStatus {
  /** `baton/contract`. */
  readonly context: string;
  readonly state: "success" | "failure" | "pending";
  /** One line, at most 140 characters. */
  readonly description: string;
  readonly url?: string;
}

/** A text that is found again by its marker, an HTML comment at its beginning that only this program writes. */
export interface Marked {
  readonly marker: string;
  readonly body: string;
}

/** What GitHub and GitLab can both do for a pipeline. Every call throws BatonError `unavailable` or `not-authorised`. */
export interface CodeHost {
  readonly name: "GitHub" | "GitLab";
  /** Makes or updates the one comment with the marker on a pull or merge request. */
  putComment(request: string, comment: Marked): Promise<Posted>;
  putStatus(commit: string, status: CommitStatus): Promise<void>;
  /** Makes or updates the one open issue with the marker. */
  putIssue(issue: Marked & { readonly title: string }): Promise<Posted>;
  /** Closes the open issue with the marker, where there is one, and leaves the body in it. */
  closeIssue(issue: Marked): Promise<Posted>;
}

/** Label of the issues, by which they are found among others. */
export const issueLabel = "baton";

/** Nobody reads further, and nobody may keep a pipeline busy: 3000 comments or issues. */
export const mostPages = 30;
