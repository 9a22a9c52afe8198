"use strict";

const byId = (id) => document.getElementById(id);
const base = location.pathname.replace(/\/docs\/?$/, "");
let api;

/** An element with attributes and children; text is never read as HTML. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

const resolve = (node) => (node && node.$ref ? node.$ref.slice(2).split("/").reduce((at, step) => at[step], api) : node);
const pretty = (value) => JSON.stringify(value, null, 2);

async function start() {
  restoreToken();
  try {
    const answer = await fetch(base + "/openapi.json");
    if (!answer.ok) throw new Error("the service answered " + answer.status);
    api = await answer.json();
  } catch (problem) {
    byId("state").textContent = "The description could not be read: " + problem.message + ". Reload the page to try again.";
    return;
  }
  byId("version").textContent = api.info.version;
  byId("about").textContent = api.info.description;
  byId("state").remove();
  draw();
  byId("filter").addEventListener("input", filter);
  openFromAddress();
  addEventListener("hashchange", openFromAddress);
}

function allOperations() {
  return Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation, tag: operation.tags[0] || "Other" })));
}

function draw() {
  const groups = Map.groupBy ? Map.groupBy(allOperations(), (each) => each.tag) : grouped(allOperations());
  for (const [tag, operations] of groups) {
    const section = make("section", {}, make("h2", {}, tag));
    const list = make("div", { class: "group" }, make("h2", {}, tag));
    for (const each of operations) {
      section.append(drawOperation(each));
      list.append(make("a", { href: "#" + each.operation.operationId }, methodMark(each.method), make("span", {}, ...breakable(each.path))));
    }
    byId("operations").append(section);
    byId("index").append(list);
  }
}

function grouped(operations) {
  const groups = new Map();
  for (const each of operations) groups.set(each.tag, [...(groups.get(each.tag) || []), each]);
  return groups;
}

/** Text with its `code` marked as such. */
const marked = (text) => text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));

/** A path that a narrow column may break after its slashes. */
const breakable = (path) => path.split(/(?<=\/)/).flatMap((part) => [part, make("wbr")]);

const methodMark = (method) => make("span", { class: "method " + method }, method.toUpperCase());

function drawOperation(each) {
  const { path, method, operation } = each;
  const card = make("details", { class: "operation", id: operation.operationId },
    make("summary", {}, methodMark(method), make("span", { class: "path" }, path), make("span", { class: "says" }, operation.summary)));
  card.dataset.words = [method, path, operation.summary, each.tag].join(" ").toLowerCase();
  card.addEventListener("toggle", () => {
    if (card.open && card.children.length === 1) card.append(drawInside(each));
  });
  return card;
}

function drawInside({ path, method, operation }) {
  const form = make("form", { class: "inside" }, make("p", {}, ...marked(operation.description)));
  const inputs = operation.parameters.map((parameter) => drawParameter(parameter, operation.operationId, form));
  const body = operation.requestBody && drawBody(operation.requestBody, form);
  const send = make("button", { class: "send" }, "Send");
  const copy = make("button", { type: "button" }, "Copy as curl");
  const answer = make("div", { class: "answer", role: "status", "aria-live": "polite" });
  const request = () => buildRequest(path, method, inputs, body);
  form.append(make("div", { class: "row" }, send, copy), answer, drawAnswers(operation.responses));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendRequest(request(), send, answer);
  });
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(asCurl(request()));
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy as curl"), 1500);
  });
  return form;
}

function drawParameter(parameter, operationId, form) {
  const id = operationId + "-" + parameter.name;
  const preset = parameter.required ? parameter.example : undefined;
  const attributes = { id, name: parameter.name, required: parameter.required, autocomplete: "off" };
  const input = parameter.schema.enum
    ? make("select", attributes, parameter.required ? null : make("option", { value: "" }, "(any)"),
        ...parameter.schema.enum.map((value) => make("option", { value, selected: value === preset }, value)))
    : make("input", { ...attributes, value: preset, placeholder: parameter.example });
  form.append(make("div", { class: "parameter" },
    make("label", { for: id }, parameter.name, parameter.required ? make("em", {}, " *") : null),
    input, make("small", {}, "in " + parameter.in + " · ", ...marked(parameter.description))));
  return { parameter, input };
}

function drawBody(requestBody, form) {
  const kinds = Object.keys(requestBody.content);
  const kind = make("select", { "aria-label": "Content type" }, ...kinds.map((each) => make("option", { value: each }, each)));
  const text = make("textarea", { spellcheck: "false", "aria-label": "Body" });
  const fill = () => {
    const example = requestBody.content[kind.value].example;
    text.value = typeof example === "object" ? pretty(example) : example || "";
  };
  kind.addEventListener("change", fill);
  fill();
  form.append(make("h3", {}, "Body"), kind, text);
  const media = requestBody.content["application/json"];
  if (media) form.append(make("details", { class: "more" }, make("summary", {}, "Schema of the body"), make("pre", {}, pretty(expanded(media.schema)))));
  return { kind, text };
}

/** A schema with its references put in, each at most once on a way down. */
function expanded(schema, seen = []) {
  if (Array.isArray(schema)) return schema.map((each) => expanded(each, seen));
  if (schema === null || typeof schema !== "object") return schema;
  if (schema.$ref) return seen.includes(schema.$ref) ? schema : expanded(resolve(schema), [...seen, schema.$ref]);
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== "examples").map(([name, value]) => [name, expanded(value, seen)]));
}

function drawAnswers(responses) {
  const rows = Object.entries(responses).map(([status, answer]) => {
    const { description, content = {} } = resolve(answer);
    const example = Object.values(content)[0]?.example;
    const detail = example === undefined ? null : make("details", { class: "more" }, make("summary", {}, Object.keys(content)[0]), make("pre", {}, pretty(example)));
    return make("tr", {}, make("td", {}, status), make("td", {}, description, detail));
  });
  return make("div", {}, make("h3", {}, "Answers"), make("table", {}, make("tbody", {}, ...rows)));
}

function buildRequest(path, method, inputs, body) {
  const query = new URLSearchParams();
  const headers = {};
  let address = path;
  for (const { parameter, input } of inputs) {
    if (parameter.in === "path") address = address.replace("{" + parameter.name + "}", encodeURIComponent(input.value));
    else if (input.value && parameter.in === "query") query.set(parameter.name, input.value);
    else if (input.value) headers[parameter.name] = input.value;
  }
  const token = byId("token").value.trim();
  if (token) headers.Authorization = "Bearer " + token;
  if (body) headers["Content-Type"] = body.kind.value;
  const url = location.origin + base + address + (query.size ? "?" + query : "");
  return { url, method: method.toUpperCase(), headers, body: body && body.text.value };
}

async function sendRequest(request, button, place) {
  button.disabled = true;
  place.replaceChildren(make("p", {}, "Waiting for the answer…"));
  const begun = performance.now();
  try {
    const answer = await fetch(request.url, { ...request, cache: "no-store", redirect: "manual" });
    showAnswer(answer, await answer.text(), Math.round(performance.now() - begun), place);
  } catch (problem) {
    place.replaceChildren(make("p", { class: "status bad" }, "No answer: " + problem.message));
  } finally {
    button.disabled = false;
  }
}

function showAnswer(answer, text, milliseconds, place) {
  const headers = [...answer.headers].map(([name, value]) => name + ": " + value).join("\n");
  const kind = answer.headers.get("Content-Type") || "";
  const shown = kind.includes("json") && text ? pretty(JSON.parse(text)) : text;
  place.replaceChildren(
    make("h3", {}, "Answer"),
    make("p", { class: "status " + (answer.status < 400 ? "good" : "bad") }, answer.status + " " + answer.statusText + " · " + milliseconds + " ms"),
    make("pre", {}, shown || "(no body)"),
    make("details", { class: "more" }, make("summary", {}, "Headers"), make("pre", {}, headers)));
}

function asCurl({ url, method, headers, body }) {
  const quote = (text) => "'" + text.replaceAll("'", "'\\''") + "'";
  const parts = ["curl -X " + method + " " + quote(url)];
  for (const [name, value] of Object.entries(headers)) parts.push("-H " + quote(name + ": " + (name === "Authorization" ? "Bearer $TOKEN" : value)).replace("'Authorization: Bearer $TOKEN'", '"Authorization: Bearer $TOKEN"'));
  if (body) parts.push("--data-binary " + quote(body));
  return parts.join(" \\\n  ");
}

function filter() {
  const words = byId("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (text) => words.every((word) => text.includes(word));
  for (const card of document.querySelectorAll("details.operation")) card.hidden = !fits(card.dataset.words);
  for (const link of document.querySelectorAll("#index a")) link.hidden = byId(link.hash.slice(1)).hidden;
  for (const group of document.querySelectorAll("section, .group")) group.hidden = !group.querySelector("details.operation:not([hidden]), a:not([hidden])");
}

function openFromAddress() {
  const card = location.hash && byId(location.hash.slice(1));
  if (card && card.matches("details")) {
    card.open = true;
    card.scrollIntoView({ block: "start" });
  }
}

/** The token lives in this tab alone and is gone with it. */
function restoreToken() {
  const input = byId("token");
  input.value = sessionStorage.getItem("token") || "";
  const changed = () => {
    sessionStorage.setItem("token", input.value.trim());
    byId("who").textContent = describeToken(input.value.trim());
  };
  input.addEventListener("input", changed);
  byId("forget").addEventListener("click", () => {
    input.value = "";
    changed();
  });
  byId("caller").addEventListener("submit", (event) => event.preventDefault());
  changed();
}

function describeToken(token) {
  if (!token) return "No token: only operations for anybody will answer.";
  try {
    const part = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (each) => each.charCodeAt(0))));
    const left = Math.round((claims.exp * 1000 - Date.now()) / 60000);
    const role = (claims.roles || []).includes("admin") ? "administrator" : "user";
    return (claims.name || claims.sub) + " of " + claims.org_id + ", " + role + (left > 0 ? ", for " + left + " minutes more." : ": expired.");
  } catch {
    return "This does not look like a token.";
  }
}

start();
