import { describe, expect, it } from "vitest";
import { looksPersonal } from "./personal-names.ts";
import { isPlaceholder } from "./prose-checks.ts";

describe("a placeholder", () => {
  it.each([
    "TODO",
    "tbd",
    "To do.",
    "change-me",
    "???",
    "...",
    "<meaning>",
    "Lorem ipsum dolor",
    "Wind. TODO: unit",
  ])("is %s", (text) => expect(isPlaceholder(text)).toBe(true));
  it.each([
    "none",
    "n/a",
    "-",
    "",
    "mph",
    "1",
    "Puts todo lists in order.",
    "Todo el mundo",
    "Never for pricing.",
  ])("is not %s", (text) => expect(isPlaceholder(text)).toBe(false));
});

describe("a name that looks personal", () => {
  it.each([
    "email",
    "customer_email",
    "dateOfBirth",
    "birth-date",
    "SSN",
    "ip_address",
    "home.street_address",
    "gender",
  ])("is %s", (name) => expect(looksPersonal(name)).toBe(true));
  it.each(["trip_distance", "shipping_zone", "carrier", "emails_sent_ratio", "plane_age", "zip", "paneling"])(
    "is not %s",
    (name) => expect(looksPersonal(name)).toBe(false),
  );
});
