// Who uses the Steward that has users. Their passwords are canaries: nowhere on earth may they be read again.

export interface Person {
  name: string;
  password: string;
  /** Arguments of `steward user add`. */
  grant: string[];
}

export const PEOPLE = {
  admin: { name: "ada", password: "canary-ada-Qx7vK2mPz9", grant: ["--role", "admin"] },
  operator: { name: "oscar", password: "canary-oscar-Tn4hR8wLb3", grant: ["--role", "operator"] },
  viewer: { name: "vera", password: "canary-vera-Yc6jD1sGf5", grant: ["--role", "viewer"] },
} satisfies Record<string, Person>;

export type Who = keyof typeof PEOPLE;

/** Texts that no answer, log, audit entry or file may contain. */
export const CANARIES: string[] = Object.values(PEOPLE).map((person) => person.password);
