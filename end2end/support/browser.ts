// How every run uses the browser.

import type { PlaywrightTestOptions, PlaywrightWorkerOptions } from "@playwright/test";

export const WIDE = { width: 1440, height: 900 };
export const PHONE = { width: 360, height: 740 };

export const browser: Partial<PlaywrightTestOptions & PlaywrightWorkerOptions> = {
  // Set by the global setup, before workers read this.
  baseURL: process.env.STEWARD_URL,
  launchOptions: {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Chromium's own sandbox does not work for root, as which containers run.
    args: ["--no-sandbox"],
  },
  viewport: WIDE,
  timezoneId: "Asia/Seoul",
};
