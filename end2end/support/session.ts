// Signing in without a browser, and what a script of somebody's may ask for.

import type { Person } from "./people";

/** What a browser brings along that is signed in. */
export interface Cookies {
  cookies: { name: string; value: string; domain: string; path: string; expires: number; httpOnly: boolean; secure: boolean; sameSite: "Lax" }[];
  origins: [];
}

/** The address of the Steward that has users. */
export function secured(path: string): string {
  return `${process.env.SECURED_URL}${path}`;
}

/** Begins a session. */
export async function signIn({ name, password }: Pick<Person, "name" | "password">): Promise<Cookies> {
  const body = new URLSearchParams({ name, password, back: "/" });
  const answer = await fetch(secured("/login"), { method: "POST", body, redirect: "manual" });
  const [cookie] = answer.headers.getSetCookie().map((line) => /^([^=]+)=([^;]+)/.exec(line));
  if (answer.status !== 303 || !cookie) throw new Error(`${name} cannot sign in: status ${answer.status}`);
  const [, key, value] = cookie;
  const rest = { domain: new URL(secured("/")).hostname, path: "/", expires: -1, httpOnly: true, secure: false, sameSite: "Lax" as const };
  return { cookies: [{ name: key ?? "", value: value ?? "", ...rest }], origins: [] };
}

/** Asks for something with a session, as a script would that found the cookie. */
export async function asked({ cookies }: Cookies, path: string, init: RequestInit = {}): Promise<Response> {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  return fetch(secured(path), { redirect: "manual", ...init, headers: { cookie, ...init.headers } });
}
