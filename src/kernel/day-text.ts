/** The date of an instant, and the time where it is not midnight (UTC). */
export function dayText(instant: string): string {
  return instant.endsWith("T00:00:00.000Z") ? instant.slice(0, 10) : instant.slice(0, 16).replace("T", " ");
}
