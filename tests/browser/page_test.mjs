// SPDX-License-Identifier: Apache-2.0
// The status page in headless Chromium: that it reads well, works by keyboard, loads nothing, and that no name becomes markup.
//   node page_test.mjs EXPORTER           the tests
//   UPDATE=1 node page_test.mjs EXPORTER  and the pictures in docs/images
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import http from "node:http";
import { chromium } from "playwright-core";

import { Host } from "./host.mjs";

const EXPORTER = path.resolve(process.argv[2] ?? process.env.EXPORTER);
const IMAGES = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/images");
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const MOST_PACKED_BYTES = 300_000;
const PHONE = { width: 390, height: 844 };

let browser;
before(async () => {
  const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => fs.existsSync(file));
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
});
after(() => browser?.close());

// Opens a page of which nothing may go wrong: `faults` is what did.
async function open(host, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => { if (["error", "warning"].includes(message.type())) page.faults.push(`console: ${message.text()}`); });
  page.on("pageerror", (error) => page.faults.push(`script: ${error}`));
  page.on("dialog", (dialog) => { page.faults.push("a dialog"); void dialog.dismiss(); });
  page.on("request", (request) => { if (!request.url().startsWith(host.url) && !request.url().startsWith("data:")) page.faults.push(`request to ${request.url()}`); });
  await page.goto(host.url + address);
  return page;
}

async function close(page) {
  await page.context().close();
}

// What axe-core finds, contrast of text among it.
async function accessibilityFaults(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.target + " " + (node.any[0]?.message ?? "")).join("; ")}`);
}

// Contrast as WCAG 2 computes it, of every element that has text of its own. Independent of axe-core, which leaves out what it is not sure of.
async function leastContrast(page) {
  return page.evaluate(() => {
    const parse = (color) => color.match(/[\d.]+/g).map(Number);
    const light = (color) => {
      const [r, g, b] = color.slice(0, 3).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const color = parse(getComputedStyle(each).backgroundColor);
        if ((color[3] ?? 1) > 0) return color;
      }
      return [255, 255, 255];
    };
    let least = { ratio: 99, text: "" };
    for (const element of document.body.querySelectorAll("*")) {
      const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join("");
      if (!text || element.closest("svg, .skip") || !element.checkVisibility()) continue;
      const [a, b] = [light(parse(getComputedStyle(element).color)), light(background(element))].sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < least.ratio) least = { ratio, text };
    }
    return least;
  });
}

async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

async function assertSound(page) {
  assert.deepEqual(page.faults, []);
  assert.equal(await page.locator("script").count(), 0);
  const attributes = await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((element) => [...element.attributes])
    .filter((each) => each.name.startsWith("on") || each.name === "style" || (["href", "src", "action", "xlink:href"].includes(each.name) && !/^(\.\/|cgroup\?id=\d+$|#main$|data:,$)/.test(each.value))).map((each) => each.name));
  assert.deepEqual(attributes, []);
}

async function names(page) {
  return page.locator(".cg tbody th a").allTextContents();
}

// The answer as it is sent.
function ask(url, headers) {
  return new Promise((resolve, reject) => {
    http.get(url, { headers }, (response) => {
      const pieces = [];
      response.on("data", (piece) => pieces.push(piece));
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(pieces) }));
    }).on("error", reject);
  });
}

describe("a node with a dozen containers", () => {
  const host = new Host();
  let pods;
  before(async () => {
    pods = host.addNode();
    await host.serve(EXPORTER);
    host.kill(pods[6][2][0].cgroup, "convert");
    host.run();
    // The first reading of the counters was at the start; a second later there are rates.
    await new Promise((resolve) => setTimeout(resolve, 1200));
  });
  after(() => host.close());

  it("is sound, light and dark, on a desk and on a phone", async () => {
    for (const colorScheme of ["light", "dark"]) {
      for (const viewport of [{ width: 1360, height: 900 }, { width: 800, height: 900 }, PHONE]) {
        for (const address of ["/", "/?by=all", "/?view=tree", "/?by=pods&filter=shop"]) {
          const page = await open(host, address, { colorScheme, viewport });
          await assertSound(page);
          assert.equal(await overflow(page), 0, `${address} at ${viewport.width} is wider than the window`);
          const least = await leastContrast(page);
          assert.ok(least.ratio >= 4.5, `contrast ${least.ratio.toFixed(2)} of "${least.text}" (${colorScheme}, ${address})`);
          await close(page);
        }
      }
    }
  });

  it("follows the colour scheme", async () => {
    const background = async (colorScheme) => {
      const page = await open(host, "/", { colorScheme });
      const color = await page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
      await close(page);
      return color[0];
    };
    assert.ok(await background("light") > 200);
    assert.ok(await background("dark") < 60);
  });

  it("has no fault that axe-core finds", async () => {
    for (const colorScheme of ["light", "dark"]) {
      for (const address of ["/", "/?view=tree"]) {
        const page = await open(host, address, { colorScheme });
        assert.deepEqual(await accessibilityFaults(page), [], `${address} ${colorScheme}`);
        await close(page);
      }
    }
    const page = await open(host, "/");
    await page.locator(".cg tbody th a").first().click();
    await page.waitForURL(/cgroup\?id=/);
    assert.deepEqual(await accessibilityFaults(page), []);
    await close(page);
  });

  it("has one heading of its own, landmarks and names for all that can be used", async () => {
    const page = await open(host, "/");
    for (const role of ["banner", "main", "contentinfo", "search"]) assert.equal(await page.getByRole(role).count(), 1, role);
    assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
    assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "node-7.example");
    for (const name of ["Filter", "Sort by", "Order", "Refresh"]) assert.equal(await page.getByLabel(name, { exact: true }).count(), 1, name);
    assert.match(await page.locator(".cg caption").textContent(), /^\d+ cgroups\. /);
    await close(page);
  });

  it("is sorted by keyboard", async () => {
    const page = await open(host, "/");
    const before = await names(page);
    await page.getByRole("columnheader", { name: "Name" }).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/sort=name/);
    assert.equal(await page.locator("th[aria-sort=ascending]").textContent(), "Name\u00a0▲");
    const rising = await names(page);
    assert.deepEqual(rising, [...before].sort());
    await page.getByRole("columnheader", { name: "Name" }).getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/order=desc/);
    assert.deepEqual(await names(page), rising.reverse());
    await close(page);
  });

  it("is filtered by keyboard and remembers how it was sorted", async () => {
    const page = await open(host, "/?sort=tasks");
    await page.getByLabel("Filter").focus();
    await page.keyboard.type("SHOP/");
    await page.keyboard.press("Enter");
    await page.waitForURL(/filter=SHOP/);
    assert.match(page.url(), /sort=tasks/);
    assert.deepEqual(await names(page), ["opensearch", "app", "postgres", "istio-proxy"]);
    await close(page);
  });

  it("opens and closes the tree by keyboard", async () => {
    const page = await open(host, "/?view=tree");
    const branch = page.locator("li", { has: page.getByRole("link", { name: "kubepods-burstable.slice" }) }).last().locator("> details");
    assert.equal(await branch.getAttribute("open"), null);
    await branch.locator("> summary").focus();
    await page.keyboard.press("Space");
    assert.notEqual(await branch.getAttribute("open"), null);
    await close(page);
  });

  it("leads past its head by keyboard", async () => {
    const page = await open(host, "/");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
    await close(page);
  });

  it("refreshes by itself only when asked to", async () => {
    const page = await open(host, "/?refresh=1");
    await page.waitForRequest(`${host.url}/?refresh=1`, { timeout: 15_000 });
    await close(page);
    const still = await open(host, "/");
    let requests = 0;
    still.on("request", () => { requests += 1; });
    await still.waitForTimeout(1500);
    assert.equal(requests, 0);
    await close(still);
  });

  it("can be read without scripts and without styles", async () => {
    const page = await open(host, "/", { javaScriptEnabled: false });
    assert.equal(await page.locator(".cg tbody tr").count(), 9);
    await close(page);
  });

  it("shows the last victim and everything of its cgroup", async () => {
    const page = await open(host, "/?filter=resize");
    assert.match(await page.locator(".cg tbody td").last().textContent(), /^1 convert \(4711\), .* ago$/);
    await page.getByRole("link", { name: "resize" }).click();
    await page.waitForURL(/cgroup\?id=/);
    await assertSound(page);
    const text = await page.locator("main").innerText();
    for (const part of ["log_links", "batch", "convert", "memory.max", "Namespaces"]) assert.ok(text.includes(part), part);
    const address = await page.locator("header code").textContent();
    assert.equal((await ask(`${host.url}/cgroup?path=${encodeURIComponent(address)}`)).status, 200);
    assert.equal((await ask(`${host.url}/cgroup?path=/nowhere`)).status, 404);
    await close(page);
  });

  it("has its pictures taken", { skip: !process.env.UPDATE && "only with UPDATE=1" }, async () => {
    fs.mkdirSync(IMAGES, { recursive: true });
    const take = async (name, address, options) => {
      const page = await open(host, address, options);
      // So that rates are of these seconds, whatever was asked for before.
      await page.waitForTimeout(2500);
      await page.reload();
      await page.screenshot({ path: path.join(IMAGES, `${name}.png`) });
      await close(page);
    };
    const desk = { width: 1360, height: 1150 };
    await take("status-light", "/", { viewport: desk });
    await take("status-dark", "/", { viewport: desk, colorScheme: "dark" });
    await take("status-phone", "/?sort=limit", { viewport: { width: 390, height: 1500 }, deviceScaleFactor: 2 });
    await take("status-tree", "/?view=tree&filter=kubepods", { viewport: desk });
    const page = await open(host, "/?filter=resize");
    await page.getByRole("link", { name: "resize" }).click();
    await page.waitForURL(/cgroup\?id=/);
    await page.setViewportSize({ width: 1360, height: 1500 });
    await page.screenshot({ path: path.join(IMAGES, "status-cgroup.png") });
    await close(page);
  });
});

// As the kernel lets anybody name a cgroup: all bytes but "/", newline and NUL. On this file system a newline may be in a name too.
const HOSTILE = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "' onmouseover='alert(1)", "a&lt;b&amp;c", "javascript:alert(1)",
  "--><h1>x", "</style><script>alert(1)", "</title><script>alert(1)</script>".replaceAll("/", "\u2215"), "x\u202egnp.exe", "\u2066isolated\u2069", "zero\u200bwidth",
  "new\nline", "tab\ttab\x1b[31m", "n".repeat(255), "<".repeat(255), "漢字🙂", " ", "%3Cscript%3E", "{{7*7}}", "${7*7}", "\\x3cscript\\x3e"].map((name) => name.replaceAll("/", "\u2215"));

// How the page shows a name: as base::to_label writes it.
function shown(name) {
  const escaped = (text) => Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
  return name.replace(/%(?=[0-9A-Fa-f]{2})/g, "%25").replace(/[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, escaped);
}

describe("hostile names", () => {
  const host = new Host();
  before(async () => {
    for (const name of HOSTILE) host.addCgroup(name, { memory: { used: 20, held: 10, limit: 64 } });
    await host.serve(EXPORTER);
    host.kill("<img src=x onerror=alert(1)>", "<script>alert(2)</script>");
  });
  after(() => host.close());

  it("are text in the table, the tree and on their own pages", async () => {
    for (const [address, links] of [["/?by=all", ".cg tbody th a"], ["/?view=tree", ".tree li a"]]) {
      for (const viewport of [{ width: 1360, height: 900 }, PHONE]) {
        const page = await open(host, address, { viewport });
        await assertSound(page);
        assert.equal(await overflow(page), 0, `${address} at ${viewport.width}`);
        const texts = (await page.locator(links).allTextContents()).map((text) => text.replace(/^\/(?=.)/, ""));
        for (const name of HOSTILE) assert.ok(texts.includes(shown(name)), `${address} lacks ${JSON.stringify(name)}`);
        await close(page);
      }
    }
    const page = await open(host, "/?by=all");
    const addresses = await page.locator(".cg tbody th a").evaluateAll((links) => links.map((link) => link.href));
    assert.equal(addresses.length, HOSTILE.length + 1);
    await close(page);
    for (const address of addresses) {
      const own = await open(host, address.slice(host.url.length));
      await assertSound(own);
      assert.equal(await own.getByRole("heading", { level: 1 }).count(), 1);
      assert.equal(await overflow(own), 0, address);
      await close(own);
    }
  });

  it("are text in a filter that comes back", async () => {
    const closing = ["</script><script>alert(1)</script>", '"></form><script>alert(1)</script>', "' autofocus onfocus='alert(1)"];
    for (const name of [...closing, ...HOSTILE].filter((each) => Buffer.byteLength(each) < 200)) {
      const page = await open(host, `/?filter=${encodeURIComponent(name)}`);
      await assertSound(page);
      await close(page);
    }
  });

  it("leave the page accessible", async () => {
    const page = await open(host, "/?by=all");
    assert.deepEqual(await accessibilityFaults(page), []);
    await close(page);
  });
});

for (const count of [1, 100, 2000]) {
  describe(`${count} cgroups`, () => {
    const host = new Host();
    before(async () => {
      if (count === 1) host.addCgroup("one.service", {});
      else host.addMany(count - 1);
      await host.serve(EXPORTER);
    });
    after(() => host.close());

    it("are all in the table and in the tree", async () => {
      for (const [address, rows] of [["/?by=all", ".cg tbody tr"], ["/?view=tree", ".tree li"]]) {
        for (const viewport of [{ width: 1360, height: 900 }, PHONE]) {
          const page = await open(host, address, { viewport });
          await assertSound(page);
          assert.equal(await page.locator(rows).count(), count === 1 ? 2 : count);
          assert.equal(await overflow(page), 0, `${address} at ${viewport.width}`);
          await close(page);
        }
      }
    });

    it("weigh little", async () => {
      for (const address of ["/?by=all", "/?view=tree"]) {
        const answer = await ask(host.url + address, { "Accept-Encoding": "gzip" });
        assert.equal(answer.headers["content-encoding"], "gzip");
        assert.match(answer.headers["content-security-policy"], /^default-src 'none'/);
        const plain = gunzipSync(answer.body);
        console.log(`${count} cgroups, ${address}: ${answer.body.length} bytes in gzip, ${plain.length} plain`);
        assert.ok(answer.body.length < MOST_PACKED_BYTES, `${answer.body.length} bytes`);
      }
    });
  });
}
