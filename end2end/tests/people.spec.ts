// Who gets in, and what they may: signing in and out, users, passwords, sessions, tokens.

import { randomBytes } from "node:crypto";
import { type Page } from "@playwright/test";
import { PEOPLE } from "../support/people";
import { asked, secured, signIn } from "../support/session";
import { type Steward, at } from "../support/steward";
import { expect, test } from "../support/test";
import { LIVE } from "../support/world";

/** The name of a user nobody added yet. */
function unused(): string {
  return `e2e-${randomBytes(4).toString("hex")}`;
}

async function enter(page: Page, steward: Steward, name: string, password: string): Promise<void> {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForLoadState();
  await steward.ready();
}

/** The account menu in the top bar. */
async function signOut(page: Page, steward: Steward, name: string): Promise<void> {
  await page.locator(`summary[aria-label="Account menu of ${name}"]`).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL("/login?out=1");
  await steward.ready();
}

/** Adds a user with a password made by Steward, as an admin does it; returns the password. */
async function add(page: Page, steward: Steward, name: string): Promise<string> {
  await steward.open("/users");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Add a user", exact: true }).click();
  await expect(page).toHaveURL(/\/users\?note=/);
  await steward.ready();
  await expect(page.locator("#secret")).toContainText(`The new password of ${name}`);
  const password = await page.locator("#secret code").innerText();
  expect(password).toMatch(/^[a-z2-9]{20}$/);
  return password;
}

test.describe("a visitor", () => {
  test.use({ who: "nobody" });

  test("signs in, is back at the page asked for, and leaves", async ({ page, steward, watch }) => {
    watch.forgive(/status of 401/);
    await steward.open(at("/topics?q=orders&sort=size"));
    await expect(page).toHaveURL(/\/login\?back=/);
    await expect(steward.heading).toHaveText("Sign in");
    await enter(page, steward, "vera", "canary-not-hers");
    await expect(page.getByRole("alert")).toContainText("The name or the password is wrong.");
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
    await enter(page, steward, "vera", PEOPLE.viewer.password);
    await expect(page).toHaveURL(at("/topics?q=orders&sort=size"));
    await expect.poll(() => steward.names()).toEqual(["orders"]);
    await signOut(page, steward, "vera");
    await expect(page.getByRole("status").filter({ hasText: "Signed out" })).toBeVisible();
    await steward.open("/");
    await expect(page).toHaveURL(/\/login/);
  });

  test("who guesses has to wait, and others need not", async ({ page, steward, watch }) => {
    watch.forgive(/status of 4(01|29)/);
    const name = unused();
    const guess = () => fetch(secured("/login"), { method: "POST", body: new URLSearchParams({ name, password: "guessed-1234" }), redirect: "manual" });
    for (let number = 1; number < 5; number++) expect((await guess()).status).toBe(401);
    await steward.open("/login");
    await enter(page, steward, name, "guessed-1234");
    await expect(page.getByRole("alert")).toContainText("The name or the password is wrong.");
    const waiting = await guess();
    expect(waiting.status).toBe(429);
    expect(Number(waiting.headers.get("retry-after"))).toBeGreaterThan(0);
    await enter(page, steward, name, "guessed-1234");
    await expect(page.getByRole("alert")).toContainText("Too many attempts");
    await enter(page, steward, "vera", PEOPLE.viewer.password);
    await expect(page).toHaveURL("/");
  });

  test("learns nothing, and a link to elsewhere is not followed", async ({ page, steward }) => {
    for (const path of ["/", at(), "/audit", "/users", "/clusters/nowhere", "/nowhere"]) {
      await steward.open(path);
      await expect(page, path).toHaveURL(/\/login/);
      await expect(page.locator("body"), path).not.toContainText("orders");
    }
    for (const path of [`/api/v1/clusters/${LIVE}/topics`, `/api/v1/clusters/nowhere`, "/metrics", at("/topics.csv")]) {
      const answer = await fetch(secured(path), { redirect: "manual", headers: { accept: "application/json" } });
      expect([401, 303], path).toContain(answer.status);
      expect(await answer.text(), path).not.toContain("orders");
    }
    await steward.open("/login?back=//evil.example/");
    await enter(page, steward, "vera", PEOPLE.viewer.password);
    await expect(page).toHaveURL("/");
  });
});

test.describe("an admin", () => {
  test.use({ who: "admin" });

  test("adds a user, who signs in, changes the password and is limited by the role", async ({ page, steward, seat, watch }) => {
    test.setTimeout(90_000);
    watch.forgive(/status of 40[13]/);
    const name = unused();
    const password = await add(page, steward, name);
    await page.reload();
    await steward.ready();
    await expect(page.locator("body"), "it is shown once").not.toContainText(password);
    await expect(steward.rows.filter({ hasText: name })).toContainText("Viewer on all clusters");

    const { page: theirs, steward: their } = await seat("nobody");
    await their.open("/login?back=/account");
    await enter(theirs, their, name, password);
    await their.expectPage("/account", name);
    const changed = randomBytes(9).toString("hex");
    const change = async (current: string, next: string) => {
      await theirs.getByLabel("Current password").fill(current);
      await theirs.getByLabel("New password").fill(next);
      await theirs.getByRole("button", { name: "Change password" }).click();
      await theirs.waitForURL(/note=/);
      await their.ready();
    };
    await change("not-the-password", changed);
    await expect(theirs.getByRole("alert")).toContainText("The current password is another.");
    await their.open("/account");
    await change(password, "short");
    await expect(theirs.getByRole("alert")).toContainText("A password has at least 10 characters.");
    await their.open("/account");
    await change(password, changed);
    await expect(theirs.locator("#done")).toContainText("Your password is changed");
    await signOut(theirs, their, name);
    await enter(theirs, their, name, password);
    await expect(theirs.getByRole("alert")).toContainText("The name or the password is wrong.");
    await enter(theirs, their, name, changed);
    await expect(theirs).toHaveURL("/");

    await test.step("a role on some topics counts at once, and only there", async () => {
      await their.open(at("/topics"));
      await expect(their.main.getByRole("link", { name: "Create topic" })).toHaveCount(0);
      await steward.open(`/users/${name}`);
      const row = page.locator(".grants-row").first();
      await row.getByRole("combobox", { name: "Role, row 1" }).selectOption("operator");
      await row.getByRole("textbox", { name: "Topics, row 1" }).or(row.getByRole("combobox", { name: "Topics, row 1" })).fill("order*");
      await page.getByRole("button", { name: "Save roles" }).click();
      await expect(page.locator("#done")).toContainText(`The roles of ${name} are saved`);
      await their.open(at("/topics/orders"));
      await their.main.locator("summary", { hasText: "Actions" }).click();
      await expect(their.main.getByRole("link", { name: "Edit configs" })).toBeVisible();
      await their.open(at("/topics/users"));
      await their.main.locator("summary", { hasText: "Actions" }).click();
      await expect(their.main.getByRole("link", { name: "Edit configs" })).toHaveCount(0);
      await their.open(at("/changes/review?kind=delete_topics&topic=users"));
      await expect(their.main).toContainText(/does not reach the topic users|out of reach|users/);
      await expect(their.main.locator("form[method=post]")).toHaveCount(0);
    });
  });

  test("disables a user, who is out at once", async ({ page, steward, seat }) => {
    const name = unused();
    const password = await add(page, steward, name);
    const theirs = await signIn({ name, password });
    const { context, page: other, steward: their } = await seat("nobody");
    await context.addCookies(theirs.cookies);
    await their.open(at("/topics/orders"));
    await expect(other.locator(`summary[aria-label="Account menu of ${name}"]`)).toBeVisible();

    await steward.open(`/users/${name}`);
    await expect(page.getByRole("button", { name: /^End the session of/ })).toBeVisible();
    await page.getByRole("button", { name: "Disable", exact: true }).click();
    await expect(page.locator("#done")).toContainText(`${name} is disabled`);
    const answer = await asked(theirs, `/api/v1/clusters/${LIVE}/topics/orders`);
    expect(answer.status, "the very next request").toBe(401);
    await other.reload();
    await expect(other).toHaveURL(/\/login\?ended=1&back=/);
    await their.ready();
    await expect(other.locator("body")).toContainText("Your session has ended");

    await page.getByRole("button", { name: "Enable", exact: true }).click();
    await expect(page.locator("#done")).toContainText(`${name} can sign in again`);
    const old = await asked(theirs, `/api/v1/clusters/${LIVE}`);
    expect(old.status, "what has ended does not come back").toBe(401);
    await signIn({ name, password });
  });

  test("is not the one who disables herself, and somebody always manages users", async ({ page, steward }) => {
    await steward.open("/users/ada");
    await expect(page.getByRole("button", { name: "Disable", exact: true })).toHaveCount(0);
    await expect(steward.main).toContainText("Somebody else who manages users can disable you.");
    await page.getByRole("combobox", { name: "Role, row 1" }).selectOption("viewer");
    await page.getByRole("button", { name: "Save roles" }).click();
    await expect(page.getByRole("alert")).toContainText("Nobody would be left who may manage users.");
    await steward.ready();
    await steward.open("/users");
    await expect(steward.rows.filter({ hasText: "ada" })).toContainText("Admin on all clusters");
  });

  test("ends somebody's sessions one by one", async ({ page, steward }) => {
    const name = unused();
    const password = await add(page, steward, name);
    const [one, other] = [await signIn({ name, password }), await signIn({ name, password })];
    const isIn = async (cookies: typeof one) => (await asked(cookies, "/api/v1/clusters")).status === 200;
    await steward.open(`/users/${name}`);
    await page.getByRole("button", { name: /^End the session of/ }).first().click();
    await expect(page.locator("#done")).toContainText("The session has ended.");
    await steward.ready();
    expect([await isIn(one), await isIn(other)].filter(Boolean)).toHaveLength(1);
    await page.getByRole("button", { name: /^End the session of/ }).first().click();
    await expect(page.getByText("Nobody is signed in under this name.")).toBeVisible();
    expect([await isIn(one), await isIn(other)]).toEqual([false, false]);
  });
});

test.describe("an operator", () => {
  test.use({ who: "operator" });

  test("makes a token, which works until it is revoked", async ({ page, steward }) => {
    const label = unused();
    await steward.open("/account");
    await page.getByLabel("Label").fill(label);
    await page.getByLabel("Your password").fill(PEOPLE.operator.password);
    await page.getByRole("button", { name: "Create a token" }).click();
    await page.waitForURL(/note=/);
    await steward.ready();
    await expect(page.locator("#secret")).toContainText(`The token “${label}” is ready`);
    const token = await page.locator("#secret code").first().innerText();
    const use = (path: string, init: RequestInit = {}) => fetch(secured(path), { ...init, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" } });
    const answer = await use(`/api/v1/clusters/${LIVE}/topics/orders`);
    expect(await answer.json()).toMatchObject({ name: "orders", partition_count: 12 });
    const body = JSON.stringify({ grow_partitions: { topic: "orders", total: 24 } });
    expect((await use(`/api/v1/clusters/${LIVE}/changes`, { method: "POST", body })).status, "a viewer's token changes nothing").toBe(403);
    expect((await use("/api/v1/audit")).status, "and reads no audit log").toBe(403);

    await steward.open("/account");
    await expect(page.locator("body"), "it is shown once").not.toContainText(token);
    const row = steward.main.locator("tr", { hasText: label });
    await row.locator("summary").click();
    await row.getByRole("button", { name: "Revoke" }).click();
    await expect(page.locator("#done")).toContainText("The token is revoked and no longer works.");
    expect((await use(`/api/v1/clusters/${LIVE}/topics/orders`)).status).toBe(401);
  });

  test("cannot make a token that may more, nor manage users", async ({ cookies, steward, page, watch }) => {
    await steward.open("/account");
    await expect(page.getByRole("combobox", { name: "Role" }).getByRole("option")).toHaveText(["Viewer", "Operator"]);
    const operator = await cookies("operator");
    const body = new URLSearchParams({ name: "oscar", label: unused(), days: "1", role: "admin", clusters: "*", topics: "*" });
    const answer = await asked(operator, "/do/token-create", { method: "POST", body });
    const page2 = await asked(operator, answer.headers.get("location")?.split("#")[0] ?? "");
    expect(await page2.text()).toContain("A token cannot do more than its owner.");
    watch.forgive(/status of 403/);
    expect((await page.goto("/users"))?.status()).toBe(403);
    await expect(steward.main).toContainText("This needs the role Admin.");
  });
});
