const words = new Set(
  `email mail phone telephone mobile fax ssn passport iban bic pan cvv surname lastname firstname forename fullname
  birthday birthdate dob gender sex ethnicity race religion nationality citizenship disability diagnosis pregnant
  salary income password ip latitude longitude`.split(/\s+/),
);
const pairs = new Set(
  `birth_date date_of_birth year_of_birth birth_year first_name last_name full_name middle_name given_name family_name
  e_mail phone_number mobile_number card_number credit_card account_number national_id tax_id social_security
  identity_number license_plate licence_plate ip_address mac_address street_address home_address postal_address
  marital_status sexual_orientation trade_union health_status user_name customer_name patient_name patient_id`.split(
    /\s+/,
  ),
);

/** True for names of columns that usually hold personal data (GDPR articles 4 and 9); parts of words do not count. */
export function looksPersonal(name: string): boolean {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((part) => part !== "");
  if (parts.some((part) => words.has(part))) return true;
  return parts.some(
    (_, i) => pairs.has(parts.slice(i, i + 2).join("_")) || pairs.has(parts.slice(i, i + 3).join("_")),
  );
}
