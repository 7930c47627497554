// src/errors/openai-body.ts
var openAIWords = {
  invalid_request: ["invalid_request_error", null],
  request_too_large: ["invalid_request_error", "request_too_large"],
  context_overflow: ["invalid_request_error", "context_length_exceeded"],
  content_filtered: ["invalid_request_error", "content_filter"],
  authentication: ["authentication_error", "invalid_api_key"],
  permission: ["permission_error", "permission_denied"],
  quota_exhausted: ["insufficient_quota", "insufficient_quota"],
  model_not_found: ["invalid_request_error", "model_not_found"],
  rate_limited: ["rate_limit_error", "rate_limit_exceeded"],
  overloaded: ["server_error", "overloaded"],
  server_error: ["server_error", "server_error"],
  conflict: ["invalid_request_error", "conflict"],
  connection: ["connection_error", "connection_error"],
  timeout: ["timeout_error", "timeout"],
  stream_truncated: ["server_error", "upstream_stream_interrupted"],
  bad_response: ["server_error", "upstream_invalid_response"],
  redirect: ["server_error", "upstream_redirect"],
  circuit_open: ["server_error", "circuit_open"],
  limit_exceeded: ["rate_limit_error", "rate_limit_exceeded"],
  queue_full: ["rate_limit_error", "queue_full"],
  queue_timeout: ["rate_limit_error", "queue_timeout"],
  budget_exceeded: ["insufficient_quota", "insufficient_quota"],
  deadline_exceeded: ["timeout_error", "deadline_exceeded"],
  no_route: ["invalid_request_error", "model_not_found"],
  failover_exhausted: ["server_error", "failover_exhausted"],
  config_invalid: ["server_error", "config_invalid"],
  pool_closed: ["server_error", "pool_closed"],
  cancelled: ["aborted", "client_closed_request"]
};

// src/errors/runestone-error.ts
var errorMarker = /* @__PURE__ */ Symbol.for("runestone.error");
var RunestoneError = class extends Error {
  /** True when content had already been handed to the caller. */
  committed = false;
  attempts = [];
  constructor(message2, details = {}) {
    super(message2, details.cause === void 0 ? void 0 : { cause: details.cause });
    const { cause: _, ...facts } = details;
    assignDefined(this, facts);
  }
  /** The body an OpenAI client expects. */
  toOpenAI() {
    const [type, code] = openAIWords[this.code];
    return { error: { message: this.message, type, code: this.reason ?? code, param: this.param ?? null } };
  }
  /** What may be logged. */
  toJSON() {
    return {
      ...Object.fromEntries(Object.entries(this)),
      name: this.name,
      code: this.code,
      message: this.message
    };
  }
};
Object.defineProperty(RunestoneError.prototype, errorMarker, { value: true });
Object.defineProperty(RunestoneError.prototype, "partial", { value: void 0, writable: true });
function assignDefined(target, values) {
  for (const [key, value] of Object.entries(values)) {
    if (value !== void 0)
      Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
  }
}

// src/errors/pool-errors.ts
var InvalidRequestError = class extends RunestoneError {
  name = "InvalidRequestError";
  code = "invalid_request";
};

// src/errors/provider-error.ts
var ProviderError = class extends RunestoneError {
  name = "ProviderError";
  code;
  constructor(details) {
    const { code, message: message2, ...rest } = details;
    super(message2.startsWith(`${details.provider}:`) ? message2 : `${details.provider}: ${message2}`, rest);
    this.code = code;
  }
};

// src/chat/json.ts
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
var MAX_JSON_DEPTH = 500;
var JsonCopyError = class extends Error {
  path;
  constructor(path, problem) {
    super(problem);
    this.path = path;
  }
};
function copyJson(value, path = "", depth = 0) {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new JsonCopyError(path, "is not a finite number");
      return value;
    case "object":
      if (value === null) return null;
      if (depth >= MAX_JSON_DEPTH)
        throw new JsonCopyError(path, `is nested deeper than ${MAX_JSON_DEPTH} levels`);
      return Array.isArray(value) ? copyArray(value, path, depth) : copyObject(value, path, depth);
    default:
      throw new JsonCopyError(path, `is a ${typeof value}, which JSON cannot carry`);
  }
}
function copyArray(value, path, depth) {
  const copy = new Array(value.length);
  for (let index = 0; index < value.length; index++) {
    const item = read(value, index, path);
    copy[index] = typeof item === "string" ? item : copyJson(item ?? null, at(path, index), depth + 1);
  }
  return copy;
}
function copyObject(value, path, depth) {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new JsonCopyError(path, `is a ${value.constructor?.name ?? "class"} instance, not plain data`);
  }
  const copy = {};
  for (const key of Object.keys(value)) {
    const member = read(value, key, path);
    if (member === void 0) continue;
    const copied2 = typeof member === "string" ? member : copyJson(member, at(path, key), depth + 1);
    if (key === "__proto__") {
      Object.defineProperty(copy, key, {
        value: copied2,
        enumerable: true,
        configurable: true,
        writable: true
      });
    } else copy[key] = copied2;
  }
  return copy;
}
function read(value, key, path) {
  try {
    return Reflect.get(value, key);
  } catch {
    throw new JsonCopyError(at(path, key), "could not be read");
  }
}
function at(path, key) {
  if (typeof key === "number") return `${path}[${key}]`;
  return path ? `${path}.${key}` : key;
}

// src/chat/normalize.ts
function normalize(request, stream) {
  const said = Object.entries(request).filter(([, value]) => value !== null && value !== void 0);
  const canonical2 = Object.fromEntries([...said, ["stream", stream]]);
  return canonical2;
}

// src/chat/request-schema.ts
import * as z from "zod";
var text = z.looseObject({ type: z.literal("text"), text: z.string() });
var imageUrl = z.looseObject({
  type: z.literal("image_url"),
  image_url: z.looseObject({ url: z.string().min(1), detail: z.string().nullish() })
});
var file = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({
    file_data: z.string().optional(),
    file_id: z.string().optional(),
    filename: z.string().optional()
  })
});
var known = { text, image_url: imageUrl, file };
var part = z.looseObject({ type: z.string() }).superRefine((value, context) => {
  const schema = Object.hasOwn(known, value.type) ? known[value.type] : void 0;
  for (const issue of schema?.safeParse(value).error?.issues ?? []) {
    context.addIssue({ code: "custom", path: issue.path, message: issue.message });
  }
});
var content = z.union([z.string(), z.array(part)]);
var toolCall = z.looseObject({
  id: z.string().optional(),
  type: z.string().optional(),
  function: z.looseObject({ name: z.string().min(1), arguments: z.string() }).optional(),
  custom: z.looseObject({ name: z.string().min(1), input: z.string() }).optional()
});
var message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: content.nullish(),
  name: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  tool_call_id: z.string().optional(),
  refusal: z.string().nullish(),
  function_call: z.looseObject({ name: z.string().min(1), arguments: z.string() }).nullish()
});
var jsonObject = z.record(z.string(), z.unknown());
var functionDefinition = z.looseObject({
  name: z.string().min(1),
  description: z.string().nullish(),
  parameters: jsonObject.nullish(),
  strict: z.boolean().nullish()
});
var tool = z.looseObject({ type: z.string(), function: functionDefinition.optional() }).superRefine((value, context) => {
  if (value.type === "function" && !value.function) {
    context.addIssue({ code: "custom", path: ["function"], message: "expected an object" });
  }
});
var responseFormat = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({
      name: z.string(),
      description: z.string().nullish(),
      schema: jsonObject.optional(),
      strict: z.boolean().nullish()
    })
  })
]);
var chatRequestSchema = z.looseObject({
  messages: z.array(message).min(1),
  model: z.string().min(1).max(512).nullish(),
  max_completion_tokens: z.int().min(0).nullish(),
  max_tokens: z.int().min(0).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish(), include_obfuscation: z.boolean().nullish() }).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z.union([z.enum(["none", "auto", "required"]), z.looseObject({ type: z.string() })]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(functionDefinition).nullish(),
  function_call: z.union([z.enum(["none", "auto"]), z.looseObject({ name: z.string().min(1) })]).nullish(),
  response_format: responseFormat.nullish(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).nullish(),
  n: z.literal(1, { error: "must be 1: ask several times for several answers" }).nullish(),
  seed: z.int().nullish(),
  user: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish()
});

// src/chat/parse-request.ts
var MAX_LISTED = 5;
var MAX_PATH = 200;
function parseRequest(input, stream) {
  const copy = copied(input);
  const result = chatRequestSchema.safeParse(copy);
  if (!result.success) throw invalid(result.error.issues.flatMap((issue) => flatten(issue, copy)));
  if (!stream && copy["stream"] !== true && isRecord(copy["stream_options"])) {
    throw invalid([
      { path: "stream_options", problem: "is only allowed when streaming", reason: "invalid_value" }
    ]);
  }
  return normalize(copy, stream);
}
function copied(input) {
  let copy;
  try {
    copy = copyJson(isRecord(input) ? input : null);
  } catch (error) {
    if (error instanceof JsonCopyError) {
      throw invalid([{ path: error.path, problem: error.message, reason: "invalid_value" }]);
    }
    throw invalid([{ path: "", problem: "the request could not be read", reason: "invalid_value" }], error);
  }
  if (isRecord(copy)) return copy;
  throw invalid([
    { path: "", problem: "the request must be an object with `messages`", reason: "invalid_type" }
  ]);
}
function invalid(faults, cause) {
  const listed = faults.slice(0, MAX_LISTED).map(({ path, problem }) => path ? `${shown(path)}: ${problem}` : problem);
  const more = faults.length > MAX_LISTED ? `; and ${faults.length - MAX_LISTED} more` : "";
  const [first] = faults;
  return new InvalidRequestError(`invalid request: ${listed.join("; ")}${more}`, {
    param: first?.path ? shown(first.path) : null,
    reason: first?.reason,
    cause
  });
}
function shown(path) {
  return path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}\u2026` : path;
}
function flatten(issue, root, base = []) {
  const path = [...base, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const depth = (branch) => Math.max(0, ...branch.map((i) => i.path.length));
    const furthest = issue.errors.reduce((best, branch) => depth(branch) > depth(best) ? branch : best);
    if (depth(furthest) > 0) return furthest.flatMap((inner) => flatten(inner, root, path));
    return [{ path: toPath(path), problem: "has the wrong type", reason: "invalid_type" }];
  }
  const problem = issue.message.replace(/^Invalid input: /, "");
  return [{ path: toPath(path), problem, reason: reasonOf(issue, valueAt(root, path)) }];
}
function reasonOf(issue, value) {
  if (value === void 0) return "missing_required_parameter";
  if (issue.code === "too_small" && Array.isArray(value)) return "missing_required_parameter";
  if (issue.code === "invalid_type") return "invalid_type";
  return issue.path[0] === "n" ? "unsupported_value" : "invalid_value";
}
function valueAt(root, path) {
  return path.reduce(
    (value, key) => typeof value === "object" && value ? Reflect.get(value, key) : void 0,
    root
  );
}
function toPath(path) {
  return path.reduce((text2, key) => {
    if (typeof key === "number") return `${text2}[${key}]`;
    return text2 ? `${text2}.${String(key)}` : String(key);
  }, "");
}

// src/providers/anthropic/encode/block-map.ts
var RENAMED = {
  stop_sequences: "stop",
  thinking: "reasoning_effort",
  output_config: "response_format",
  speed: "service_tier"
};
function createBlockMap(turns, system, toolPaths, capPath2) {
  return {
    callerPath(wirePath) {
      const [field = "", first, , third] = wirePath.split(".");
      if (field === "messages") return messagePath(turns[Number(first)], Number(third));
      if (field === "system") return system[Number(first ?? 0)]?.from;
      if (field === "tools") return first === void 0 ? "tools" : toolPaths[Number(first)];
      if (field === "max_tokens") return capPath2;
      return RENAMED[field] ?? (field || void 0);
    }
  };
}
function messagePath(turn, block) {
  const exact = turn?.entries[block]?.from;
  return exact ?? turn?.entries[0]?.from.replace(/^(messages\[\d+\]).*$/, "$1");
}

// src/providers/anthropic/encode/encode-context.ts
function createContext(request, model2, options) {
  return { request, model: model2, options, warnings: [], betas: /* @__PURE__ */ new Set() };
}
function refusal(context, param, reason, message2, code = "invalid_request") {
  return new ProviderError({
    code,
    provider: context.options.provider,
    model: context.model.id,
    message: `${context.options.provider}: ${param}: ${message2}`,
    param,
    reason,
    retryable: false
  });
}
var STRICT_REASONS = {
  clamped: "invalid_value",
  invalid_tool_arguments: "invalid_tool_arguments",
  orphan_tool_result: "invalid_value",
  duplicate_tool_result: "invalid_value",
  missing_tool_result: "invalid_value",
  model_retired: "model_retired",
  unknown_model: "model_not_found"
};
function warn(context, code, param, message2) {
  if (context.options.strict) {
    throw refusal(context, param, STRICT_REASONS[code] ?? "unsupported_parameter", message2);
  }
  context.warnings.push({ code, param, message: message2 });
}
function warnOnce(context, code, param, message2) {
  if (!context.warnings.some((warning) => warning.code === code)) warn(context, code, param, message2);
}

// src/providers/anthropic/encode/node-digest.ts
import { createHash } from "node:crypto";

// src/providers/anthropic/encode/well-formed.ts
var ENGINE_HAS_METHODS = "isWellFormed" in String.prototype;
function hasMethods(_text) {
  return ENGINE_HAS_METHODS;
}
function isWellFormed(text2) {
  return !hasMethods(text2) || text2.isWellFormed();
}
function toWellFormed(text2) {
  return hasMethods(text2) ? text2.toWellFormed() : text2;
}
function wellFormedJson(value) {
  if (typeof value === "string") return isWellFormed(value) ? value : toWellFormed(value);
  if (Array.isArray(value)) return wellFormedArray(value);
  return isRecord(value) ? wellFormedObject(value) : value;
}
function wellFormedArray(list) {
  let copy;
  for (let index = 0; index < list.length; index++) {
    const item = list[index];
    const clean = wellFormedJson(item);
    if (clean === item) continue;
    copy ??= [...list];
    copy[index] = clean;
  }
  return copy ?? list;
}
function wellFormedObject(object) {
  let changed;
  for (const key of Object.keys(object)) {
    const value = object[key];
    const clean = wellFormedJson(value);
    if (clean === value && isWellFormed(key)) continue;
    changed ??= /* @__PURE__ */ new Map();
    changed.set(key, clean);
  }
  if (!changed) return object;
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [toWellFormed(key), changed.get(key) ?? value])
  );
}
function isTooDeep(value, levels = MAX_JSON_DEPTH) {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isTooDeep(member, levels - 1));
}

// src/providers/anthropic/encode/node-digest.ts
function sha256Hex(text2) {
  return createHash("sha256").update(text2, isWellFormed(text2) ? "utf8" : "utf16le").digest("hex");
}

// src/providers/anthropic/encode/end-user.ts
var MAX_LENGTH = 256;
function endUser(context) {
  const found = candidates(context).find(([, value2]) => typeof value2 === "string" && value2 !== "");
  if (!found) return void 0;
  const [path, value] = found;
  const id = String(value);
  if (!isPersonal(id)) return { user_id: id };
  warn(context, "user_id_hashed", path, "not an opaque id; its SHA-256 is sent");
  return { user_id: sha256Hex(id) };
}
function candidates({ request }) {
  const { anthropic: bag, metadata } = request;
  const native = isRecord(bag) && isRecord(bag["metadata"]) ? bag["metadata"]["user_id"] : void 0;
  return [
    ["anthropic.metadata.user_id", native],
    ["metadata.user_id", isRecord(metadata) ? metadata["user_id"] : void 0],
    ["safety_identifier", request["safety_identifier"]],
    ["user", request.user]
  ];
}
function isPersonal(id) {
  return id.length > MAX_LENGTH || /\s|@/.test(id) || isPhone(id);
}
function isPhone(id) {
  if (!/^\+?[\d().-]+$/.test(id)) return false;
  const digits = id.replace(/\D/g, "").length;
  const isFormatted = /^\+|[().-]/.test(id);
  return digits <= 15 && digits >= (isFormatted ? 7 : 10);
}

// src/providers/anthropic/models/data.ts
var asOf = "2026-11-22";
var overview = "https://platform.claude.com/docs/en/about-claude/models/overview";
var since46 = {
  aliases: [],
  contextWindow: 1e6,
  maxOutputTokens: 128e3,
  midSystem: true,
  forcedToolUnsupported: false,
  prefill: false,
  fastMode: false,
  structuredOutputs: true,
  serverTools: true,
  inferenceGeo: true,
  boundThinking: false,
  source: overview,
  asOf
};
var since55 = { ...since46, boundThinking: true, forcedToolUnsupported: true };
var family45 = {
  ...since46,
  contextWindow: 2e5,
  maxOutputTokens: 64e3,
  midSystem: false,
  prefill: true,
  inferenceGeo: false
};
var activeModels = [
  {
    ...since55,
    id: "claude-fable-5-2",
    modelClass: "A",
    assumed: true,
    lifecycle: { status: "active", released: "2026-11-09" }
  },
  {
    ...since55,
    id: "claude-mythos-5-2",
    modelClass: "A",
    assumed: true,
    lifecycle: { status: "active", released: "2026-11-09" }
  },
  {
    ...since55,
    id: "claude-haiku-5-5",
    modelClass: "C",
    defaultEffort: "medium",
    forcedToolUnsupported: false,
    lifecycle: { status: "active", released: "2026-10-07", notRetiredBefore: "2027-10-07" }
  },
  {
    ...since55,
    id: "claude-sonnet-5-5",
    modelClass: "B",
    defaultEffort: "high",
    lifecycle: { status: "active", released: "2026-09-28", notRetiredBefore: "2027-09-28" }
  },
  {
    ...since55,
    id: "claude-opus-5-5",
    modelClass: "A",
    defaultEffort: "medium",
    lifecycle: { status: "active", released: "2026-09-22", notRetiredBefore: "2027-09-22" }
  },
  {
    ...since55,
    id: "claude-fable-5-1",
    modelClass: "A",
    defaultEffort: "high",
    lifecycle: { status: "active", released: "2026-09-01", notRetiredBefore: "2027-09-01" }
  },
  {
    ...since55,
    id: "claude-mythos-5-1",
    modelClass: "A",
    defaultEffort: "high",
    lifecycle: { status: "active", released: "2026-09-01", notRetiredBefore: "2027-09-01" }
  },
  {
    ...since46,
    id: "claude-opus-5",
    modelClass: "C",
    defaultEffort: "high",
    fastMode: true,
    lifecycle: { status: "active", released: "2026-07-24", notRetiredBefore: "2027-07-24" }
  },
  {
    ...since46,
    id: "claude-sonnet-5",
    modelClass: "D",
    defaultEffort: "high",
    midSystem: false,
    lifecycle: { status: "active", released: "2026-06-30", notRetiredBefore: "2027-06-30" }
  },
  {
    ...since46,
    id: "claude-fable-5",
    modelClass: "A",
    defaultEffort: "high",
    lifecycle: { status: "active", released: "2026-06-09", notRetiredBefore: "2027-06-09" }
  },
  {
    ...since46,
    id: "claude-mythos-5",
    modelClass: "A",
    defaultEffort: "high",
    lifecycle: { status: "active", released: "2026-06-09", notRetiredBefore: "2027-06-09" }
  },
  {
    ...since46,
    id: "claude-opus-4-8",
    modelClass: "E",
    defaultEffort: "high",
    fastMode: true,
    lifecycle: { status: "active", released: "2026-05-28", notRetiredBefore: "2027-05-28" }
  },
  {
    ...since46,
    id: "claude-opus-4-7",
    modelClass: "E",
    defaultEffort: "high",
    midSystem: false,
    lifecycle: { status: "active", released: "2026-04-16", notRetiredBefore: "2027-04-16" }
  },
  {
    ...since46,
    id: "claude-mythos-preview",
    modelClass: "A_preview",
    defaultEffort: "high",
    midSystem: false,
    assumed: true,
    // No date and no successor are published for it.
    lifecycle: { status: "deprecated" }
  },
  {
    ...since46,
    id: "claude-opus-4-6",
    modelClass: "F",
    defaultEffort: "high",
    midSystem: false,
    lifecycle: { status: "active", released: "2026-02-05", notRetiredBefore: "2027-02-05" }
  },
  {
    ...since46,
    id: "claude-sonnet-4-6",
    modelClass: "F",
    defaultEffort: "high",
    midSystem: false,
    lifecycle: { status: "active", released: "2026-02-17", notRetiredBefore: "2027-02-17" }
  },
  {
    ...family45,
    id: "claude-opus-4-5-20251101",
    aliases: ["claude-opus-4-5"],
    modelClass: "G",
    defaultEffort: "high",
    lifecycle: { status: "active", released: "2025-11-24", notRetiredBefore: "2026-11-24" }
  },
  {
    ...family45,
    id: "claude-haiku-4-5-20251001",
    aliases: ["claude-haiku-4-5"],
    modelClass: "H",
    lifecycle: { status: "active", released: "2025-10-15", notRetiredBefore: "2026-10-15" }
  },
  {
    ...family45,
    id: "claude-sonnet-4-5-20250929",
    aliases: ["claude-sonnet-4-5"],
    modelClass: "H",
    lifecycle: {
      status: "deprecated",
      released: "2025-09-29",
      deprecated: "2026-09-30",
      retires: "2026-11-30",
      successor: "claude-sonnet-5-5"
    }
  }
];
var deprecations = "https://platform.claude.com/docs/en/about-claude/model-deprecations";
var legacy = {
  aliases: [],
  contextWindow: 2e5,
  midSystem: false,
  forcedToolUnsupported: false,
  prefill: true,
  fastMode: false,
  structuredOutputs: false,
  serverTools: true,
  inferenceGeo: false,
  boundThinking: false,
  source: deprecations,
  asOf
};
var thinkingWithBudget = { ...legacy, modelClass: "H" };
var withoutThinking = { ...legacy, modelClass: "I", serverTools: false };
var retiredModels = [
  {
    ...withoutThinking,
    id: "claude-3-5-sonnet-20241022",
    aliases: ["claude-3-5-sonnet", "claude-3-5-sonnet-latest"],
    maxOutputTokens: 8192,
    lifecycle: {
      status: "retired",
      deprecated: "2025-08-13",
      retired: "2025-10-28",
      successor: "claude-sonnet-4-6",
      preferred: "claude-sonnet-5-5"
    }
  },
  {
    ...withoutThinking,
    id: "claude-3-5-haiku-20241022",
    aliases: ["claude-3-5-haiku", "claude-3-5-haiku-latest"],
    maxOutputTokens: 8192,
    lifecycle: {
      status: "retired",
      deprecated: "2025-12-19",
      retired: "2026-02-19",
      successor: "claude-haiku-4-5-20251001",
      preferred: "claude-haiku-5-5"
    }
  },
  {
    ...withoutThinking,
    id: "claude-3-opus-20240229",
    aliases: ["claude-3-opus", "claude-3-opus-latest"],
    maxOutputTokens: 4096,
    lifecycle: {
      status: "retired",
      deprecated: "2025-06-30",
      retired: "2026-01-05",
      successor: "claude-opus-4-8",
      preferred: "claude-opus-5-5"
    }
  },
  {
    ...withoutThinking,
    id: "claude-3-sonnet-20240229",
    aliases: ["claude-3-sonnet"],
    maxOutputTokens: 4096,
    lifecycle: {
      status: "retired",
      deprecated: "2025-01-21",
      retired: "2025-07-21",
      successor: "claude-sonnet-4-6"
    }
  },
  {
    ...withoutThinking,
    id: "claude-3-haiku-20240307",
    aliases: ["claude-3-haiku"],
    maxOutputTokens: 4096,
    lifecycle: {
      status: "retired",
      deprecated: "2026-02-19",
      retired: "2026-04-20",
      successor: "claude-haiku-4-5-20251001"
    }
  },
  {
    ...withoutThinking,
    id: "claude-3-5-sonnet-20240620",
    maxOutputTokens: 8192,
    lifecycle: {
      status: "retired",
      deprecated: "2025-08-13",
      retired: "2025-10-28",
      successor: "claude-sonnet-4-6"
    }
  },
  {
    ...thinkingWithBudget,
    id: "claude-3-7-sonnet-20250219",
    aliases: ["claude-3-7-sonnet", "claude-3-7-sonnet-latest"],
    maxOutputTokens: 64e3,
    lifecycle: {
      status: "retired",
      deprecated: "2025-10-28",
      retired: "2026-02-19",
      successor: "claude-sonnet-4-6"
    }
  },
  {
    ...thinkingWithBudget,
    id: "claude-sonnet-4-20250514",
    aliases: ["claude-sonnet-4", "claude-sonnet-4-0"],
    maxOutputTokens: 64e3,
    lifecycle: {
      status: "retired",
      deprecated: "2026-04-14",
      retired: "2026-06-15",
      successor: "claude-sonnet-4-6"
    }
  },
  {
    ...thinkingWithBudget,
    id: "claude-opus-4-20250514",
    aliases: ["claude-opus-4", "claude-opus-4-0"],
    maxOutputTokens: 32e3,
    lifecycle: {
      status: "retired",
      deprecated: "2026-04-14",
      retired: "2026-06-15",
      successor: "claude-opus-4-8"
    }
  },
  {
    ...thinkingWithBudget,
    id: "claude-opus-4-1-20250805",
    aliases: ["claude-opus-4-1"],
    maxOutputTokens: 32e3,
    lifecycle: {
      status: "retired",
      deprecated: "2026-06-05",
      retired: "2026-08-05",
      successor: "claude-opus-4-8"
    }
  },
  {
    ...withoutThinking,
    id: "claude-2.0",
    contextWindow: 1e5,
    maxOutputTokens: 4096,
    lifecycle: {
      status: "retired",
      deprecated: "2025-01-21",
      retired: "2025-07-21",
      successor: "claude-opus-4-8"
    }
  },
  {
    ...withoutThinking,
    id: "claude-2.1",
    maxOutputTokens: 4096,
    lifecycle: {
      status: "retired",
      deprecated: "2025-01-21",
      retired: "2025-07-21",
      successor: "claude-opus-4-8"
    }
  }
];
var firstGeneration = {
  ...withoutThinking,
  maxOutputTokens: 4096,
  lifecycle: { status: "retired", deprecated: "2024-09-04", retired: "2024-11-06" }
};

// src/providers/anthropic/models/pattern.ts
var CLAUDE_NAME = /^claude-[a-z0-9.-]+$/i;
var FAMILY = /-(opus|sonnet|haiku)-(\d{1,2})-?(\d{1,2})?$/;
function guessClaudeModel(name) {
  if (!CLAUDE_NAME.test(name)) return void 0;
  return {
    id: name,
    aliases: [],
    fastMode: false,
    structuredOutputs: true,
    serverTools: true,
    inferenceGeo: true,
    lifecycle: { status: "unknown" },
    source: "pattern",
    asOf: "2026-11-22",
    ...guess(name.toLowerCase().replaceAll(".", "-"))
  };
}
function guess(name) {
  if (/(fable|mythos)-/.test(name)) {
    return { ...newest("A"), forcedToolUnsupported: true, maxOutputTokens: 128e3 };
  }
  const [, line, major, minor] = FAMILY.exec(name) ?? [];
  if (line === void 0) return older("H", true);
  const version = Number(major) * 100 + Number(minor ?? 0);
  if (version >= 505) return { ...newest(LINE_CLASS[line] ?? "A"), forcedToolUnsupported: line !== "haiku" };
  if (version >= 407) return older("E", false);
  return version >= 406 ? older("F", false) : older("H", true);
}
var LINE_CLASS = { opus: "A", sonnet: "B", haiku: "C" };
function newest(modelClass) {
  return { modelClass, midSystem: true, prefill: false, boundThinking: true };
}
function older(modelClass, prefill) {
  return { modelClass, prefill, midSystem: false, forcedToolUnsupported: false, boundThinking: false };
}

// src/providers/anthropic/models/resolve-claude.ts
var PREFIX = /^(?:anthropic|claude)\//i;
var FIRST_GENERATION = /^claude-(?:1|instant)(?:-|$)/;
var canonical = (name) => name.toLowerCase().replaceAll(".", "-");
var byName = new Map(
  [...activeModels, ...retiredModels].flatMap(
    (model2) => [model2.id, ...model2.aliases].map((name) => [canonical(name), model2])
  )
);
function resolveClaudeModel(name) {
  const bare = name.replace(PREFIX, "");
  const key = canonical(bare);
  const listed = byName.get(key);
  if (listed) return listed;
  if (FIRST_GENERATION.test(key)) return { ...firstGeneration, id: bare };
  return guessClaudeModel(bare);
}

// src/providers/anthropic/encode/model-notice.ts
function targetModel(model2, options) {
  const { status, successor } = model2.lifecycle;
  if (options.retiredModels !== "remap" || status !== "retired" || successor === void 0) return model2;
  return resolveClaudeModel(successor) ?? model2;
}
function noticeModel(context, asked) {
  const { lifecycle } = asked;
  if (lifecycle.status === "unknown") {
    warn(
      context,
      "unknown_model",
      "model",
      "not in the table of Claude models; its features are guessed by its name"
    );
  }
  if (lifecycle.status === "deprecated") {
    warn(context, "model_deprecated", "model", `${asked.id} ${deprecation(asked)}${advice(asked)}`);
  }
  if (lifecycle.status !== "retired") return;
  const told = `${asked.id} was retired on ${lifecycle.retired}`;
  if (context.options.retiredModels === "reject") {
    throw refusal(context, "model", "model_retired", `${told}${advice(asked)}`, "model_not_found");
  }
  if (context.model === asked) warn(context, "model_retired", "model", `${told}${advice(asked)}`);
  else warn(context, "model_remapped", "model", `${told}; sent to ${context.model.id}`);
}
function deprecation({ lifecycle }) {
  if (lifecycle.deprecated === void 0) return "is deprecated";
  const until = lifecycle.retires === void 0 ? "" : ` and retires on ${lifecycle.retires}`;
  return `is deprecated since ${lifecycle.deprecated}${until}`;
}
function advice({ lifecycle: { successor, preferred } }) {
  if (successor === void 0) return "";
  return `; use ${successor}${preferred === void 0 ? "" : ` or ${preferred}`}`;
}

// src/providers/anthropic/encode/beta-names.ts
var RETIRED = /* @__PURE__ */ new Set([
  "prompt-caching-2024-07-31",
  "pdfs-2024-09-25",
  "token-efficient-tools-2025-02-19",
  "extended-cache-ttl-2025-04-11",
  "files-api-2025-04-14",
  "skills-2025-10-02"
]);
var FIELD_BETAS = {
  fallbacks: "server-side-fallback-2026-07-01",
  fallback_credit_token: "fallback-credit-2026-07-01",
  context_management: "context-management-2025-06-27",
  compaction: "compact-2026-09-04",
  mcp_servers: "mcp-client-2025-11-20",
  thread: "message-threads-2026-08-12",
  billing_policy: "user-profiles-billing-2026-10-01",
  task_budget: "task-budgets-2026-03-13",
  speed: "fast-mode-2026-02-01",
  block_binding: "thinking-binding-controls-2026-08-01",
  display_updates: "thinking-display-updates-2026-08-18"
};
var BLOCK_BETAS = {
  fallback: "server-side-fallback-2026-07-01",
  compaction: "compact-2026-09-04",
  mcp_tool_use: "mcp-client-2025-11-20",
  mcp_tool_result: "mcp-client-2025-11-20",
  mcp_tool_listing: "mcp-client-2026-09-15",
  tool_addition: "mid-conversation-tool-changes-2026-07-01",
  tool_removal: "mid-conversation-tool-changes-2026-07-01"
};
var TOOL_BETAS = {
  mcp_toolset: "mcp-client-2025-11-20",
  bash_20241022: "computer-use-2024-10-22",
  text_editor_20241022: "computer-use-2024-10-22",
  computer_20241022: "computer-use-2024-10-22",
  computer_20250124: "computer-use-2025-01-24",
  computer_20251124: "computer-use-2025-11-24"
};
var TABLES = {
  field: FIELD_BETAS,
  block: BLOCK_BETAS,
  tool: TOOL_BETAS
};
function requireBeta(context, kind, name) {
  const table = TABLES[kind];
  const beta = Object.hasOwn(table, name) ? table[name] : void 0;
  if (beta === void 0 || context.betas.has(beta)) return;
  const family = familyOf(beta);
  for (const present of context.betas) if (familyOf(present) === family) return;
  context.betas.add(beta);
}
var familyOf = (beta) => beta.replace(/-\d{4}-\d{2}-\d{2}$/, "");
function callerBetas(context, value, param) {
  const names = typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [];
  for (const item of names) {
    const name = typeof item === "string" ? item.trim() : "";
    if (name === "") continue;
    if (RETIRED.has(name)) warn(context, "unsupported_parameter", param, `beta ${name} is retired; not sent`);
    else context.betas.add(name);
  }
}
function contextManagementBetas(context, value) {
  requireBeta(context, "field", "context_management");
  const edits = isRecord(value) ? value["edits"] : void 0;
  if (Array.isArray(edits) && edits.some((edit) => isRecord(edit) && edit["type"] === "compact_20260112")) {
    context.betas.add("compact-2026-01-12");
  }
}

// src/providers/anthropic/encode/native-fields.ts
var PASSED = [
  "container",
  "context_management",
  "compaction",
  "mcp_servers",
  "fallbacks",
  "fallback_credit_token",
  "thread",
  "billing_policy",
  "diagnostics",
  "inference_geo"
];
var READ_ELSEWHERE = [
  "thinking",
  "output_config",
  "output_format",
  "top_k",
  "cache_control",
  "betas",
  "anthropic_beta",
  "speed",
  "metadata",
  "service_tier",
  "user_profile_id",
  "workspace_id"
];
var BAG_ONLY = ["prewarm", "prefill"];
var NATIVE_FIELDS = [...PASSED, ...READ_ELSEWHERE];
function nativeField(context, field, where = "anywhere") {
  const bag = context.request["anthropic"];
  const inBag = isRecord(bag) ? bag[field] : void 0;
  return inBag ?? (where === "anywhere" ? context.request[field] : void 0) ?? void 0;
}
function nativeObject(context, field) {
  const value = nativeField(context, field);
  if (value === void 0 || isRecord(value)) return value;
  throw refusal(context, field, "invalid_type", "expected an object");
}
function nativeFields(context) {
  checkBag(context);
  for (const field of ["betas", "anthropic_beta"]) {
    callerBetas(context, nativeField(context, field), field);
  }
  const fields = {};
  for (const field of PASSED) {
    const value = nativeField(context, field);
    if (value === void 0) continue;
    fields[field] = value;
    if (field === "context_management") contextManagementBetas(context, value);
    else requireBeta(context, "field", field);
  }
  if (fields["inference_geo"] !== void 0 && !context.model.inferenceGeo) {
    throw refusal(context, "inference_geo", "unsupported_parameter", "models before 4.6 do not take it");
  }
  return fields;
}
function nativeHeaders(context) {
  const profile = nativeField(context, "user_profile_id");
  const workspace = nativeField(context, "workspace_id");
  return {
    ...typeof profile === "string" && { "anthropic-user-profile-id": profile },
    ...typeof workspace === "string" && { "anthropic-workspace-id": workspace }
  };
}
function checkBag(context) {
  const bag = context.request["anthropic"];
  if (bag === void 0 || bag === null) return;
  if (!isRecord(bag)) throw refusal(context, "anthropic", "invalid_type", "expected an object");
  for (const field of Object.keys(bag)) {
    if (NATIVE_FIELDS.includes(field) || BAG_ONLY.includes(field)) continue;
    warn(
      context,
      "unknown_parameter",
      `anthropic.${field}`,
      "not a native field this translation knows; not sent"
    );
  }
}

// src/providers/anthropic/encode/output-cap.ts
var UNKNOWN_MODEL_CAP = 32e3;
function effectiveMaxTokens(request, model2) {
  if (isPrewarm(request)) return 0;
  const limit = model2.maxOutputTokens;
  const asked = request.max_completion_tokens ?? request.max_tokens;
  if (asked === void 0 || asked === null) return limit ?? UNKNOWN_MODEL_CAP;
  return limit !== void 0 && asked > limit ? limit : asked;
}
function capPath(request) {
  const isOld = (request.max_completion_tokens ?? void 0) === void 0 && request.max_tokens != null;
  return isOld ? "max_tokens" : "max_completion_tokens";
}
function outputCap(context) {
  const { request, model: model2 } = context;
  const cap = effectiveMaxTokens(request, model2);
  const { max_completion_tokens: asked, max_tokens: old } = request;
  if (asked != null && old != null && asked !== old) {
    warn(context, "unsupported_parameter", "max_tokens", "differs from max_completion_tokens, which is used");
  }
  const effective = asked ?? old;
  if (effective == null || isPrewarm(request)) return cap;
  const path = capPath(request);
  if (!Number.isInteger(effective) || effective < 1) {
    throw refusal(context, path, "invalid_value", "expected a whole number of at least 1");
  }
  if (cap < effective) warn(context, "clamped", path, `this model answers with at most ${cap} tokens`);
  return cap;
}
function isPrewarm(request) {
  const bag = request["anthropic"];
  return isRecord(bag) && bag["prewarm"] === true;
}

// src/providers/anthropic/encode/plain-params.ts
var DROPPED = {
  verbosity: (value) => value === "medium",
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => isRecord(value) && Object.keys(value).length === 0,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  seed: () => false,
  store: (value) => value === false,
  prediction: () => false,
  audio: () => false,
  // Of OpenRouter's object only the wish to see reasoning has a rule (TH-11).
  reasoning: (value) => isRecord(value) && Object.keys(value).every((key) => key === "exclude")
};
var HANDLED = /* @__PURE__ */ new Set([
  "messages",
  "model",
  "max_completion_tokens",
  "max_tokens",
  "temperature",
  "top_p",
  "stop",
  "stream",
  "stream_options",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
  "functions",
  "function_call",
  "response_format",
  "reasoning_effort",
  "n",
  "user",
  "safety_identifier",
  "modalities",
  "moderation",
  "web_search_options",
  "prompt_cache_key",
  "prompt_cache_retention",
  "prompt_cache_options",
  "include_reasoning",
  "anthropic",
  ...Object.keys(DROPPED),
  ...NATIVE_FIELDS
]);
function checkPlainParams(context) {
  const { request } = context;
  refuseUnsafe(context);
  for (const key of Object.keys(request)) {
    const value = request[key];
    if (value === void 0 || value === null) continue;
    const isHarmless = Object.hasOwn(DROPPED, key) ? DROPPED[key] : void 0;
    if (isHarmless && !isHarmless(value)) {
      warn(context, "unsupported_parameter", key, "Claude has no counterpart; not sent");
    } else if (!HANDLED.has(key)) {
      warn(context, "unknown_parameter", key, "not a parameter this translation knows; not sent");
    }
  }
}
function refuseUnsafe(context) {
  const { n, modalities, moderation } = context.request;
  if (n != null && n !== 1) {
    throw refusal(context, "n", "unsupported_value", "Claude gives one answer; ask several times");
  }
  if (Array.isArray(modalities) && modalities.some((modality) => modality !== "text")) {
    throw refusal(context, "modalities", "unsupported_value", "Claude answers in text only");
  }
  if (moderation != null) {
    throw refusal(context, "moderation", "unsupported_parameter", "Claude cannot honour it; remove it");
  }
}
function stopSequences(context) {
  const { stop } = context.request;
  if (stop == null) return void 0;
  const asked = typeof stop === "string" ? [stop] : stop;
  if (asked.length > 4) {
    throw refusal(context, "stop", "array_above_max_length", "at most 4 stop sequences");
  }
  const kept = asked.filter((sequence) => sequence.trim() !== "");
  if (kept.length < asked.length) {
    warn(context, "unsupported_value", "stop", "stop sequences without a visible character are not sent");
  }
  return kept.length > 0 ? [...new Set(kept)] : void 0;
}

// src/providers/anthropic/encode/turns.ts
function appendTurn(turns, role, entries) {
  const last = turns.at(-1);
  if (last?.role === role) {
    for (const entry of entries) last.entries.push(entry);
    return last;
  }
  const turn = { role, entries: [...entries] };
  turns.push(turn);
  return turn;
}
function appendWhole(turns, turn) {
  const target = appendTurn(turns, turn.role, turn.entries);
  if (turn.empty !== void 0) target.empty = turn.empty;
  if (turn.resultsOnly) target.resultsOnly = true;
}
function isBlank(block) {
  return block.type === "text" && typeof block["text"] === "string" && !/\S/.test(block["text"]);
}
function isEmptyText(block) {
  return block.type === "text" && block["text"] === "";
}
function isThinking(block) {
  return block.type === "thinking" || block.type === "redacted_thinking";
}
function isServerResult(block) {
  return block.type.endsWith("_tool_result");
}

// src/providers/anthropic/encode/cache-marks.ts
function cacheMark(context, carrier, path) {
  const native = carrier["cache_control"];
  if (native !== void 0 && native !== null) return nativeMark(context, native, path);
  const breakpoint = carrier["prompt_cache_breakpoint"];
  return isRecord(breakpoint) ? breakpointMark(context, breakpoint, path) : void 0;
}
function nativeMark(context, mark, path) {
  if (isRecord(mark) && mark["type"] === "ephemeral") {
    const ttl = mark["ttl"];
    if (ttl === "5m" || ttl === "1h") return { type: "ephemeral", ttl };
    if (ttl === void 0 || ttl === null) return { type: "ephemeral" };
  }
  const param = `${path ? `${path}.` : ""}cache_control`;
  warn(context, "unsupported_parameter", param, 'must be {type: "ephemeral", ttl?: "5m" | "1h"}; ignored');
  return void 0;
}
function breakpointMark(context, breakpoint, path) {
  const options = context.request["prompt_cache_options"];
  const ttl = breakpoint["ttl"] ?? (isRecord(options) ? options["ttl"] : void 0);
  if (ttl !== "30m" && ttl !== "12h") return { type: "ephemeral" };
  if (ttl === "12h") {
    warn(context, "clamped", `${path}.prompt_cache_breakpoint.ttl`, "cached for 1 h, the longest there is");
  }
  return { type: "ephemeral", ttl: "1h" };
}
function isCacheable(block) {
  return !isThinking(block) && !isEmptyText(block) && block.type !== "tool_reference";
}
function withMark(block, mark) {
  if (mark !== void 0) return { ...block, cache_control: mark };
  if (block["cache_control"] === void 0) return block;
  const { cache_control: _, ...rest } = block;
  return { ...rest, type: block.type };
}
function markLast(entries, mark) {
  if (!mark) return;
  const index = entries.findLastIndex(({ block }) => isCacheable(block));
  const entry = entries[index];
  if (entry && entry.block["cache_control"] === void 0) {
    entries[index] = { ...entry, block: withMark(entry.block, mark) };
  }
}

// src/providers/anthropic/encode/cache-limits.ts
var MAX_BREAKPOINTS = 4;
function limitBreakpoints(context, marked2) {
  const lives = lifetimes(marked2);
  const room = MAX_BREAKPOINTS - (marked2.automatic ? 1 : 0);
  const excess = Math.max(0, lives.length - room);
  if (excess > 0) warn(context, "clamped", "cache_control", "only the last 4 cache breakpoints are sent");
  const kept = lives.slice(excess);
  const all = marked2.automatic ? [...kept, lifeOf(marked2.automatic)] : kept;
  const isUnordered = all.some((life, index) => life === "1h" && all[index - 1] === "5m");
  const onLast = marked2.automatic && lastIsMarked(marked2) && all.at(-1) !== all.at(-2);
  const first = isUnordered || onLast ? all[0] : void 0;
  if (first)
    warn(
      context,
      "unsupported_value",
      "cache_control.ttl",
      `longer must come first; all are sent as ${first}`
    );
  return excess > 0 || first ? rewrite(marked2, excess, first) : marked2;
}
var lifeOf = (mark) => isRecord(mark) && mark["ttl"] === "1h" ? "1h" : "5m";
var markOf = (life) => life === "1h" ? { type: "ephemeral", ttl: life } : { type: "ephemeral" };
function lifetimes({ tools, system, turns }) {
  const lives = [];
  for (const tool2 of tools) if (tool2["cache_control"] != null) lives.push(lifeOf(tool2["cache_control"]));
  for (const { block } of system)
    if (block["cache_control"] != null) lives.push(lifeOf(block["cache_control"]));
  for (const { entries } of turns) {
    for (const { block } of entries) {
      if (block["cache_control"] != null) lives.push(lifeOf(block["cache_control"]));
    }
  }
  return lives;
}
function lastIsMarked({ turns }) {
  return turns.at(-1)?.entries.at(-1)?.block["cache_control"] != null;
}
function rewrite(marked2, excess, life) {
  let seen = 0;
  const next = (mark) => {
    return seen++ < excess ? void 0 : markOf(life ?? lifeOf(mark));
  };
  const entry = (item) => {
    const mark = item.block["cache_control"];
    return mark == null ? item : { ...item, block: withMark(item.block, next(mark)) };
  };
  return {
    tools: marked2.tools.map((tool2) => {
      const { cache_control: mark, ...rest } = tool2;
      if (mark == null) return tool2;
      const kept = next(mark);
      return kept ? { ...rest, cache_control: kept } : rest;
    }),
    system: marked2.system.map(entry),
    turns: marked2.turns.map((turn) => ({ ...turn, entries: turn.entries.map(entry) })),
    automatic: marked2.automatic && markOf(life ?? lifeOf(marked2.automatic))
  };
}

// src/providers/anthropic/encode/node-base64.ts
function utf8FromBase64(base64) {
  return Buffer.from(base64, "base64").toString("utf8");
}
function firstBytes(base64, count) {
  return Buffer.from(base64.slice(0, Math.ceil(count / 3) * 4), "base64").subarray(0, count);
}
function base64FromPercent(text2) {
  const pieces = text2.split(/%([0-9a-f]{2})/i);
  const bytes = pieces.map((piece, index) => Buffer.from(piece, index % 2 ? "hex" : "utf8"));
  return Buffer.concat(bytes).toString("base64");
}

// src/providers/anthropic/encode/data-url.ts
function isDataUrl(url) {
  return /^data:/i.test(url);
}
function parseDataUrl(url) {
  const comma = url.indexOf(",");
  if (comma < 0 || !isDataUrl(url)) return void 0;
  const [type = "", ...parameters] = url.slice("data:".length, comma).toLowerCase().split(";");
  const payload = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim() === "base64");
  const base64 = isBase64 ? normalizeBase64(payload) : base64FromPercent(payload);
  if (!base64) return void 0;
  return { ...type.trim() && { mediaType: type.trim() }, base64 };
}
function normalizeBase64(payload) {
  if (isCanonical(payload)) return payload;
  const body = payload.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))).replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const padded = body + "=".repeat((4 - body.length % 4) % 4);
  return isCanonical(padded) ? padded : void 0;
}
function isCanonical(payload) {
  if (payload.length === 0 || payload.length % 4 !== 0) return false;
  const stop = payload.search(/[^A-Za-z0-9+/]/);
  return stop < 0 || stop >= payload.length - 2 && /^={1,2}$/.test(payload.slice(stop));
}
function decodedLength(base64) {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return base64.length / 4 * 3 - padding;
}

// src/providers/anthropic/encode/media-type.ts
var IMAGE_TYPES = /* @__PURE__ */ new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp"
]);
var SNIFF_BYTES = 16;
var MAGIC = [
  ["image/png", 0, "\x89PNG"],
  ["image/jpeg", 0, "\xFF\xD8\xFF"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["application/pdf", 0, "%PDF-"],
  ["image/heic", 4, "ftyphe"],
  ["image/heic", 4, "ftypmif1"],
  ["image/avif", 4, "ftypavi"],
  ["image/tiff", 0, "II*\0"],
  ["image/tiff", 0, "MM\0*"],
  ["image/bmp", 0, "BM"]
];
function sniff(bytes) {
  const head = String.fromCharCode(...bytes.subarray(0, SNIFF_BYTES));
  return MAGIC.find(([, offset, magic]) => head.startsWith(magic, offset))?.[0];
}
var EXTENSIONS = {
  pdf: "application/pdf",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  gif: "image/gif",
  webp: "image/webp",
  txt: "text/plain",
  md: "text/markdown",
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  log: "text/plain",
  htm: "text/html",
  html: "text/html",
  yaml: "text/yaml",
  yml: "text/yaml",
  json: "application/json",
  jsonl: "application/jsonl",
  xml: "application/xml"
};
function typeOfName(name) {
  const extension = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(name)?.[1]?.toLowerCase();
  return extension !== void 0 && Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : void 0;
}
var SYNONYMS = { "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg" };
function canonicalType(mediaType) {
  return SYNONYMS[mediaType] ?? mediaType;
}
function isTextType(mediaType) {
  return mediaType.startsWith("text/") || /^application\/(?:json|jsonl|xml|csv)$/.test(mediaType);
}

// src/providers/anthropic/encode/images.ts
var MAX_IMAGE_BYTES = 10 * 1024 * 1024;
var MAX_PDF_BYTES = 32 * 1024 * 1024;
function imageBlock(context, part2, path) {
  const image = part2["image_url"];
  const url = isRecord(image) ? image["url"] : image;
  const param = `${path}.image_url.url`;
  if (typeof url !== "string") {
    throw refusal(context, param, "missing_required_parameter", "expected a URL");
  }
  const detail = isRecord(image) ? image["detail"] : void 0;
  if (detail === "low" || detail === "original") {
    warn(context, "unsupported_parameter", `${path}.image_url.detail`, "Claude has no such control; ignored");
  }
  if (isDataUrl(url)) {
    const data = parseDataUrl(url);
    if (data) return mediaBlock(context, param, data.mediaType, data.base64);
    throw refusal(context, param, "invalid_value", "the data URL cannot be read; expected base64 data");
  }
  if (/^https:\/\//i.test(url)) return { type: "image", source: { type: "url", url } };
  throw refusal(context, param, "unsupported_value", "only https: and data: URLs can be sent");
}
function mediaBlock(context, param, label, base64) {
  const named4 = label === void 0 ? void 0 : canonicalType(label);
  const mediaType = sniff(firstBytes(base64, SNIFF_BYTES)) ?? named4;
  if (mediaType === "application/pdf") return pdfBlock(context, param, base64);
  if (mediaType === void 0 || !IMAGE_TYPES.has(mediaType)) {
    throw refusal(context, param, "unsupported_value", "Claude reads JPEG, PNG, GIF, WebP and PDF only");
  }
  if (decodedLength(base64) > MAX_IMAGE_BYTES) {
    throw refusal(context, param, "string_above_max_length", "the image is larger than 10 MB; shrink it");
  }
  return { type: "image", source: { type: "base64", media_type: mediaType, data: base64 } };
}
function pdfBlock(context, param, base64) {
  if (decodedLength(base64) > MAX_PDF_BYTES) {
    throw refusal(context, param, "string_above_max_length", "the PDF is larger than 32 MB; split it");
  }
  return { type: "document", source: { type: "base64", media_type: "application/pdf", data: base64 } };
}

// src/providers/anthropic/encode/documents.ts
function fileBlock(context, part2, path) {
  const file2 = isRecord(part2["file"]) ? part2["file"] : {};
  const block = sourceBlock(context, file2, `${path}.file`);
  if (block.type !== "document") return block;
  const title = part2["title"] ?? file2["title"] ?? file2["filename"];
  const about = part2["context"] ?? file2["context"];
  const citations = part2["citations"] ?? file2["citations"];
  return {
    ...block,
    ...typeof title === "string" && title !== "" && { title },
    ...typeof about === "string" && about !== "" && { context: about },
    ...isRecord(citations) && { citations }
  };
}
function sourceBlock(context, file2, path) {
  const { file_data: data, file_id: id, filename } = file2;
  const name = typeof filename === "string" ? filename : "";
  if (typeof data === "string") return dataBlock(context, data, name, `${path}.file_data`);
  if (typeof id === "string") return idBlock(context, id, name, `${path}.file_id`);
  throw refusal(context, path, "missing_required_parameter", "expected `file_data` or `file_id`");
}
function dataBlock(context, data, name, param) {
  if (/^https:\/\//i.test(data)) return urlBlock(data);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(data)) {
    throw refusal(context, param, "unsupported_value", "only https: and data: URLs can be sent");
  }
  const content2 = isDataUrl(data) ? parseDataUrl(data) : { base64: normalizeBase64(data) };
  if (!content2?.base64) {
    throw refusal(context, param, "invalid_value", "expected base64 or a data: URL");
  }
  const label = "mediaType" in content2 ? content2.mediaType : void 0;
  const says = label === void 0 || label === "application/octet-stream" ? typeOfName(name) : label;
  return contentBlock(context, content2.base64, says, param);
}
function contentBlock(context, base64, label, param) {
  const seen = sniff(firstBytes(base64, SNIFF_BYTES));
  if (seen !== "application/pdf" && label !== void 0 && isTextType(label)) {
    return {
      type: "document",
      source: { type: "text", media_type: "text/plain", data: utf8FromBase64(base64) }
    };
  }
  return mediaBlock(context, param, seen ?? label, base64);
}
function urlBlock(url) {
  const isImage = typeOfName(url)?.startsWith("image/") ?? false;
  return { type: isImage ? "image" : "document", source: { type: "url", url } };
}
function idBlock(context, id, name, param) {
  if (!id.startsWith("file_")) {
    throw refusal(
      context,
      param,
      "invalid_value",
      "not an Anthropic file id; upload the file to Anthropic first"
    );
  }
  const isImage = typeOfName(name)?.startsWith("image/") ?? false;
  return { type: isImage ? "image" : "document", source: { type: "file", file_id: id } };
}

// src/providers/anthropic/encode/native-parts.ts
var ALLOWED = {
  user: /* @__PURE__ */ new Set(["image", "document", "search_result", "container_upload", "tool_result"]),
  tool: /* @__PURE__ */ new Set(["image", "document", "search_result", "tool_reference", "browser_state"]),
  system: /* @__PURE__ */ new Set(["tool_addition", "tool_removal"]),
  assistant: /* @__PURE__ */ new Set([
    "thinking",
    "redacted_thinking",
    "tool_use",
    "server_tool_use",
    "web_search_tool_result",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
    "advisor_tool_result",
    "mcp_tool_use",
    "mcp_tool_result",
    "mcp_tool_listing",
    "container_upload",
    "compaction",
    "fallback"
  ])
};
function isNativePart(context, type, place) {
  return (context.options.acceptNativeParts ?? true) && ALLOWED[place].has(type);
}
function nativeBlock(context, part2, path, place) {
  if (!isNativePart(context, part2.type, place)) {
    throw refusal(
      context,
      path,
      "unsupported_content_part",
      `a part of this type cannot be sent to Claude in ${place === "assistant" ? "an" : "a"} ${place} message`
    );
  }
  requireBeta(context, "block", part2.type);
  const clean = place === "assistant" ? part2 : withoutCitations(part2);
  return clean["cache_control"] === void 0 ? clean : withMark(clean, cacheMark(context, clean, path));
}
function withoutCitations(block) {
  const inner = block["content"];
  if (!Array.isArray(inner) || !inner.some(mayCite)) return block;
  return { ...block, content: inner.map((item) => isBlock(item) ? uncited(item) : item) };
}
function mayCite(item) {
  return isRecord(item) && (Array.isArray(item["citations"]) || Array.isArray(item["content"]));
}
function uncited(block) {
  if (!Array.isArray(block["citations"])) return withoutCitations(block);
  const { citations: _, ...rest } = block;
  return withoutCitations({ ...rest, type: block.type });
}
function isBlock(value) {
  return isRecord(value) && typeof value["type"] === "string";
}

// src/providers/anthropic/encode/content-parts.ts
function contentEntries(context, content2, path, place, takes = () => false) {
  if (typeof content2 === "string") return content2 === "" ? [] : [textEntry(content2, path)];
  const entries = [];
  for (const [index, part2] of (content2 ?? []).entries()) {
    const from = `${path}[${index}]`;
    if (takes(part2, from)) continue;
    const block = partBlock(context, part2, from, place);
    if (block["text"] !== "" || block["cache_control"] !== void 0) entries.push({ block, from });
  }
  return entries;
}
function textEntry(text2, from) {
  return { block: { type: "text", text: text2 }, from };
}
function partBlock(context, part2, path, place) {
  switch (part2.type) {
    case "text":
      return textBlock(context, part2, path);
    case "image_url":
      return marked(context, imageBlock(context, part2, path), part2, path);
    case "file":
      return marked(context, fileBlock(context, part2, path), part2, path);
    default:
      return nativeBlock(context, part2, path, place);
  }
}
function textBlock(context, part2, path) {
  const text2 = part2["text"];
  if (typeof text2 !== "string") throw refusal(context, `${path}.text`, "invalid_type", "expected a string");
  return isBare(part2) ? part2 : marked(context, { type: "text", text: text2 }, part2, path);
}
function isBare(part2) {
  for (const key in part2) if (key !== "type" && key !== "text") return false;
  return true;
}
function marked(context, block, part2, path) {
  return withMark(block, cacheMark(context, part2, path));
}

// src/providers/anthropic/encode/tool-arguments.ts
function parseToolInput(raw) {
  if (!/\S/.test(raw)) return { input: {}, valid: true };
  const value = parse(raw);
  if (value === null) return { input: {}, valid: true };
  if (isInput(value, raw)) return { input: value, valid: true };
  const inner = typeof value === "string" ? parse(value) : void 0;
  if (isInput(inner, raw)) return { input: inner, valid: true };
  return { input: { _invalid_arguments: raw }, valid: false };
}
function parse(text2) {
  try {
    return JSON.parse(text2);
  } catch {
    return void 0;
  }
}
function isInput(value, raw) {
  return isRecord(value) && !(raw.length > MAX_JSON_DEPTH && isTooDeep(value));
}

// src/providers/anthropic/encode/tool-calls.ts
function createCallBook() {
  return { calls: [], bySource: /* @__PURE__ */ new Map(), usedIds: /* @__PURE__ */ new Set(), uses: /* @__PURE__ */ new Map() };
}
function wireId(source) {
  return /^[a-zA-Z0-9_-]{1,128}$/.test(source) ? source : `tu_${sha256Hex(source).slice(0, 40)}`;
}
function uniqueId(book, source) {
  const base = wireId(source);
  let use = (book.uses.get(base) ?? 0) + 1;
  let id = use === 1 ? base : `${base}-${use}`;
  while (book.usedIds.has(id)) id = `${base}-${++use}`;
  book.uses.set(base, use);
  book.usedIds.add(id);
  return id;
}
var NO_RESULT = "No result was provided for this tool call.";
function openResults(book, turns, calls, message2, resultsOnly) {
  const turn = appendTurn(
    turns,
    "user",
    calls.map(({ id, from }) => ({ block: missingResult(id), from }))
  );
  if (resultsOnly) turn.resultsOnly = true;
  for (const [slot, { source, id, from }] of calls.entries()) {
    const call = { source, id, from, message: message2, turn, slot, answered: false };
    book.calls.push(call);
    const same = book.bySource.get(source);
    if (same) same.push(call);
    else book.bySource.set(source, [call]);
  }
}
function missingResult(id) {
  return { type: "tool_result", tool_use_id: id, content: NO_RESULT, is_error: true };
}
function callFor(book, source) {
  const same = book.bySource.get(source);
  if (!same) return void 0;
  let found;
  for (let index = same.length - 1; index >= 0; index--) {
    const call = same[index];
    if (!call || found && call.message !== found.message) break;
    if (!call.answered) found = call;
  }
  if (found) return found;
  const last = same.at(-1);
  return last?.message === book.calls.at(-1)?.message ? last : void 0;
}

// src/providers/anthropic/encode/assistant-calls.ts
function pastCalls(state, message2, index, known2) {
  const path = `messages[${index}]`;
  const blocks = [];
  for (const [at2, call] of (message2.tool_calls ?? []).entries()) {
    if (call.id !== void 0 && known2.has(call.id)) continue;
    blocks.push(callBlock(state, call, `${path}.tool_calls[${at2}]`, `tu_m${index}_${at2}`));
  }
  const legacy2 = message2.function_call;
  if (legacy2) blocks.push(legacyBlock(state, legacy2, `${path}.function_call`));
  return blocks;
}
function callBlock(state, call, from, fallbackId) {
  const source = call.id ?? "";
  const id = uniqueId(state.book, source || fallbackId);
  if (call.custom) {
    return {
      source,
      id,
      from,
      block: toolUse(state, id, call.custom.name, { input: call.custom.input }, from)
    };
  }
  if (!call.function) {
    throw refusal(state.context, from, "invalid_value", "expected `function` or `custom`");
  }
  const { name, arguments: raw } = call.function;
  const input = inputOf(state, raw, `${from}.function.arguments`);
  return { source, id, from, block: toolUse(state, id, name, input, from) };
}
function legacyBlock(state, call, from) {
  const source = `fc_${++state.legacyCount}`;
  state.legacyCalls.set(call.name, source);
  const id = uniqueId(state.book, source);
  const input = inputOf(state, call.arguments, `${from}.arguments`);
  return { source, id, from, block: toolUse(state, id, call.name, input, from) };
}
function inputOf(state, raw, param) {
  const { input, valid } = parseToolInput(raw);
  if (!valid) {
    warn(
      state.context,
      "invalid_tool_arguments",
      param,
      "not a JSON object; sent as {_invalid_arguments: \u2026}"
    );
  }
  return input;
}
function toolUse(state, id, name, input, from) {
  const wire = state.names.wire(name, from);
  state.calledTools.add(wire);
  return { type: "tool_use", id, name: wire, input };
}

// src/providers/anthropic/encode/replay-check.ts
function isConsistent(message2, native, names) {
  if (textOf(native) !== contentText(message2)) return false;
  const live = liveCalls(native);
  const liveIds = new Set(live.map((block) => block["id"]));
  const voided = new Set(
    native.filter((block) => block.type === "tool_use" && !liveIds.has(block["id"])).map((block) => block["id"])
  );
  const told = toldCalls(message2).filter((call) => !voided.has(call.id));
  return told.length === live.length && told.every((call, index) => isSameCall(call, live[index], names));
}
function liveCalls(native) {
  const start = native.findLastIndex((block) => block.type === "fallback") + 1;
  return native.slice(start).filter((block) => block.type === "tool_use");
}
var textOf = (blocks) => blocks.map((block) => block.type === "text" && typeof block["text"] === "string" ? block["text"] : "").join("");
function contentText(message2) {
  if (typeof message2.content === "string") return message2.content;
  return textOf(message2.content ?? []);
}
function toldCalls(message2) {
  const { tool_calls: calls, function_call: legacy2 } = message2;
  if (legacy2) return [{ id: void 0, name: legacy2.name, input: parseToolInput(legacy2.arguments).input }];
  return (calls ?? []).map((call) => ({
    id: call.id ?? "",
    name: call.custom?.name ?? call.function?.name ?? "",
    input: call.custom ? { input: call.custom.input } : parseToolInput(call.function?.arguments ?? "").input
  }));
}
function isSameCall(told, block, names) {
  if (!block || told.id !== void 0 && told.id !== block["id"]) return false;
  const name = block["name"];
  return (name === told.name || name === names.peek(told.name)) && deepEqual(told.input, block["input"] ?? {});
}
function deepEqual(left, right) {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => deepEqual(item, right[index]));
  }
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && deepEqual(left[key], right[key]));
}

// src/providers/anthropic/encode/signed-blocks.ts
function signedOnly(blocks) {
  return blocks.filter(isSigned);
}
function isSigned(block) {
  if (block.type === "redacted_thinking") return isFilled(block["data"]);
  return block.type === "thinking" && typeof block["thinking"] === "string" && isFilled(block["signature"]);
}
function signedDetails(details) {
  return details.flatMap((detail) => {
    if (!isRecord(detail)) return [];
    const { type, text: text2, signature, data } = detail;
    if (type === "reasoning.encrypted" && isFilled(data)) return [{ type: "redacted_thinking", data }];
    if (type !== "reasoning.text" || !isFilled(signature)) return [];
    return [{ type: "thinking", thinking: typeof text2 === "string" ? text2 : "", signature }];
  });
}
function isFilled(value) {
  return typeof value === "string" && value !== "";
}

// src/providers/anthropic/encode/assistant-turn.ts
function addAssistant(state, message2, index) {
  const replay = state.replays.get(index);
  if (!replay) return;
  const path = `messages[${index}]`;
  const draft = { state, message: message2, index, path, replay, entries: [], calls: [] };
  if (replay.native) replayNative(draft, replay.native);
  else translateFlat(draft);
  markLast(draft.entries, cacheMark(state.context, message2, path));
  if (draft.entries.every(({ block }) => isThinking(block) || isBlank(block))) return;
  const turn = appendTurn(state.turns, "assistant", draft.entries);
  if (draft.calls.length > 0) {
    const mixed = turn.entries.some(({ block }) => isServerSide(block));
    openResults(state.book, state.turns, draft.calls, index, mixed);
  }
}
function isServerSide(block) {
  return block.type === "server_tool_use" || block.type === "mcp_tool_use" || isServerResult(block);
}
function replayNative(draft, native) {
  const live = new Set(liveCalls(native));
  for (const block of native) {
    requireBeta(draft.state.context, "block", block.type);
    if (isThinking(block)) pushThinking(draft, [block]);
    else if (block.type !== "tool_use") pushVisible(draft, block, draft.path);
    else if (live.has(block)) pushNativeCall(draft, block, draft.path);
  }
  const legacy2 = draft.message.function_call;
  if (legacy2 && draft.calls[0]) draft.state.legacyCalls.set(legacy2.name, draft.calls[0].source);
}
function translateFlat(draft) {
  const { state, message: message2, path } = draft;
  pushThinking(draft, draft.replay.flat);
  const content2 = message2.content;
  if (typeof content2 === "string") {
    if (content2 !== "") draft.entries.push(textEntry(content2, `${path}.content`));
  } else {
    for (const [at2, part2] of (content2 ?? []).entries()) pushPart(draft, part2, `${path}.content[${at2}]`);
  }
  pushRefusal(draft);
  checkAudio(draft);
  const known2 = new Set(draft.calls.map((call) => call.source));
  for (const { block, ...call } of pastCalls(state, message2, draft.index, known2)) {
    draft.entries.push({ block, from: call.from });
    draft.calls.push(call);
  }
}
function pushPart(draft, part2, from) {
  const { context } = draft.state;
  if (part2.type === "refusal") return;
  if (part2.type === "text") {
    const { text: text2, citations } = part2;
    const cited = Array.isArray(citations) && citations.length > 0;
    const block2 = { type: "text", text: String(text2), ...cited && { citations } };
    pushVisible(draft, withMark(block2, cacheMark(context, part2, from)), from);
    return;
  }
  const block = nativeBlock(context, part2, from, "assistant");
  if (isThinking(block)) pushThinking(draft, [block]);
  else if (block.type === "tool_use") pushNativeCall(draft, block, from);
  else pushVisible(draft, block, from);
}
function pushVisible(draft, block, from) {
  if (!isEmptyText(block) || block["cache_control"] !== void 0) draft.entries.push({ block, from });
}
function pushThinking(draft, blocks) {
  if (!draft.replay.keepThinking) return;
  for (const block of signedOnly(blocks)) draft.entries.push({ block, from: draft.path });
}
function pushNativeCall(draft, block, from) {
  const source = typeof block["id"] === "string" ? block["id"] : "";
  const id = uniqueId(draft.state.book, source || `tu_m${draft.index}_${draft.calls.length}`);
  draft.entries.push({ block: id === source ? block : { ...block, id }, from });
  draft.calls.push({ source, id, from });
  if (typeof block["name"] === "string") draft.state.calledTools.add(block["name"]);
}
function pushRefusal(draft) {
  const { message: message2, entries, replay } = draft;
  const content2 = typeof message2.content === "string" ? [] : message2.content ?? [];
  const words = message2.refusal ?? content2.find((part2) => part2.type === "refusal")?.["refusal"];
  if (typeof words !== "string" || words === "" || replay.refused) return;
  if (entries.some(({ block }) => block.type === "text" && !isBlank(block))) return;
  entries.push(textEntry(words, `${draft.path}.refusal`));
}
function checkAudio({ state, message: message2, entries, path }) {
  if (!isRecord(message2["audio"])) return;
  const param = `${path}.audio`;
  if (!entries.some(({ block }) => block.type === "text")) {
    throw refusal(
      state.context,
      param,
      "unsupported_content_part",
      "send the transcript as `content` instead"
    );
  }
  warn(state.context, "unsupported_parameter", param, "only the text of the message is sent");
}

// src/providers/anthropic/encode/conversation-state.ts
function createConversationState(context, names, replays) {
  return {
    context,
    names,
    replays,
    turns: [],
    system: [],
    book: createCallBook(),
    calledTools: /* @__PURE__ */ new Set(),
    legacyCalls: /* @__PURE__ */ new Map(),
    legacyCount: 0
  };
}

// src/providers/anthropic/encode/replay.ts
function planReplay(context, names) {
  const replays = /* @__PURE__ */ new Map();
  const thinking = [];
  let lastLost = -1;
  let firstEdited = Number.POSITIVE_INFINITY;
  for (const [index, message2] of context.request.messages.entries()) {
    if (message2.role !== "assistant") continue;
    const { replay, fate } = inspect(context, message2, names);
    replays.set(index, replay);
    if (fate === "kept") thinking.push(index);
    else if (fate === "lost") lastLost = index;
    else if (fate === "edited" && firstEdited > index) firstEdited = index;
  }
  const isBroken = lastLost >= 0 && firstEdited !== Number.POSITIVE_INFINITY;
  for (const index of thinking) {
    const inRun = !isBroken && index > lastLost && index < firstEdited;
    const replay = replays.get(index);
    if (replay && (inRun || !context.model.boundThinking))
      replays.set(index, { ...replay, keepThinking: true });
  }
  return replays;
}
var NOTHING = {};
var PLAIN = { native: void 0, flat: [], keepThinking: false, paused: false, refused: false };
var PLAIN_LOST = { replay: PLAIN, fate: "lost" };
function isPlain(message2) {
  return typeof message2.content === "string" && message2.content !== "" && message2["provider_specific_fields"] === void 0 && message2["thinking_blocks"] === void 0 && message2["reasoning_details"] === void 0;
}
function inspect(context, message2, names) {
  if (isPlain(message2)) return PLAIN_LOST;
  const fields = message2["provider_specific_fields"];
  const told = isRecord(fields) && isRecord(fields["anthropic"]) ? fields["anthropic"] : void 0;
  const own = told ?? NOTHING;
  const content2 = Array.isArray(own["content"]) ? own["content"].filter(isBlock) : void 0;
  const edited = content2 !== void 0 && !isConsistent(message2, content2, names);
  const flat = content2 ? [] : flatThinking(message2);
  const native = edited ? void 0 : content2;
  const has = !edited && (flat.length > 0 || signedOnly(content2 ?? embedded(message2)).length > 0);
  const paused = native !== void 0 && own["stop_reason"] === "pause_turn";
  const replay = { native, flat, keepThinking: false, paused, refused: own["stop_reason"] === "refusal" };
  if (edited) return { replay, fate: "edited" };
  if (has) return { replay, fate: isForeign(context, own) ? "lost" : "kept" };
  return { replay, fate: told || !saysSomething(message2) ? "natural" : "lost" };
}
function isForeign(context, own) {
  if (own["ephemeral_prompt"] === true) return true;
  const model2 = own["model"];
  return typeof model2 === "string" && resolveClaudeModel(model2)?.id !== context.model.id;
}
function flatThinking(message2) {
  if (signedOnly(embedded(message2)).length > 0) return [];
  const blocks = message2["thinking_blocks"];
  const signed = Array.isArray(blocks) ? signedOnly(blocks.filter(isBlock)) : [];
  if (signed.length > 0) return signed;
  const details = message2["reasoning_details"];
  return Array.isArray(details) ? signedDetails(details) : [];
}
function embedded(message2) {
  const content2 = message2.content;
  return typeof content2 === "string" ? [] : (content2 ?? []).filter(isThinking);
}
function saysSomething(message2) {
  return Boolean(message2.content?.length || message2.tool_calls?.length || message2.function_call);
}

// src/providers/anthropic/encode/system-turns.ts
function addSystem(state, message2, index) {
  const isLeading = state.turns.length === 0;
  const entries = systemEntries(state.context, message2, `messages[${index}]`, isLeading);
  if (isLeading) state.system.push(...entries);
  else if (!entries.every(({ block }) => isEmptyText(block))) appendTurn(state.turns, "system", entries);
}
function systemEntries(context, message2, path, isLeading) {
  const from = `${path}.content`;
  const content2 = message2.content ?? [];
  const entries = typeof content2 === "string" ? [textEntry(content2, from)] : content2.map((part2, at2) => {
    const partPath = `${from}[${at2}]`;
    if (part2.type === "text") return { block: textBlock(context, part2, partPath), from: partPath };
    const mayPass = !isLeading && context.model.midSystem && isNativePart(context, part2.type, "system");
    if (mayPass) return { block: nativeBlock(context, part2, partPath, "system"), from: partPath };
    throw refusal(context, partPath, "unsupported_content_part", "a system message holds text only");
  });
  markLast(entries, cacheMark(context, message2, path));
  return entries.flatMap((entry) => {
    if (!isBlank(entry.block)) return [entry];
    return entry.block["cache_control"] === void 0 ? [] : [{ ...entry, block: { ...entry.block, text: "" } }];
  });
}
function placeSystemTurns(context, turns) {
  const placed = [];
  for (let index = 0; index < turns.length; index++) {
    const turn = turns[index];
    if (!turn) continue;
    const next = turns[index + 1];
    if (turn.role !== "system") appendWhole(placed, turn);
    else if (context.model.midSystem && mayFollow(placed.at(-1)) && mayPrecede(next)) placed.push(turn);
    else if (context.model.midSystem && next?.role === "user" && mayPrecede(turns[index + 2])) {
      appendWhole(placed, next);
      placed.push(turn);
      index++;
    } else appendTurn(placed, "user", downgraded(context, turn));
  }
  return placed;
}
function mayFollow(previous) {
  const last = previous?.entries.at(-1);
  return previous?.role === "user" || previous?.role === "assistant" && !!last && isServerResult(last.block);
}
var mayPrecede = (next) => next === void 0 || next.role === "assistant";
function downgraded(context, turn) {
  const param = turn.entries[0]?.from.replace(/\.content.*$/, "") ?? "messages";
  warn(context, "system_downgraded", param, "sent as marked text in a user turn, which weighs less");
  return turn.entries.map((entry) => ({ ...entry, block: reminder(context, entry) }));
}
function reminder(context, { block, from }) {
  const text2 = block["text"];
  if (typeof text2 !== "string") {
    throw refusal(context, from, "unsupported_content_part", "cannot stand between these messages");
  }
  return text2 === "" ? block : { ...block, text: `<system-reminder>${text2}</system-reminder>` };
}

// src/providers/anthropic/encode/tool-results.ts
function addToolResult(state, message2, index) {
  const path = `messages[${index}]`;
  fillSlot(state, message2.tool_call_id ?? "", resultBlock(state.context, message2, path), path);
}
function addFunctionResult(state, message2, index) {
  const path = `messages[${index}]`;
  const source = state.legacyCalls.get(message2.name ?? "");
  if (source === void 0) orphan(state.context, path);
  else fillSlot(state, source, resultBlock(state.context, message2, path), path);
}
function addNativeResult(state, part2, path) {
  const source = typeof part2["tool_use_id"] === "string" ? part2["tool_use_id"] : "";
  fillSlot(state, source, nativeBlock(state.context, part2, path, "user"), path);
}
function fillSlot(state, source, block, from) {
  const call = callFor(state.book, source);
  if (!call) {
    orphan(state.context, from);
    return;
  }
  if (call.answered) {
    warn(state.context, "duplicate_tool_result", from, "the call has another result; the last one is sent");
  }
  call.answered = true;
  call.turn.entries[call.slot] = { block: { ...block, tool_use_id: call.id }, from };
}
function orphan(context, param) {
  warn(context, "orphan_tool_result", param, "the conversation has no open call of this id; not sent");
}
function resultBlock(context, message2, path) {
  const isError = message2["is_error"] === true;
  const { content: content2, mark } = resultContent(context, message2, path, isError);
  const block = {
    type: "tool_result",
    // Fixed here, filled in by the call: the API's errors are easier to read with the id in front.
    tool_use_id: "",
    ...content2.length > 0 && { content: content2 },
    ...isError && { is_error: true }
  };
  return withMark(block, cacheMark(context, message2, path) ?? mark);
}
function resultContent(context, message2, path, isError) {
  if (typeof message2.content === "string") return { content: message2.content, mark: void 0 };
  const parts = message2.content ?? [];
  const marks = parts.map((part2, index) => cacheMark(context, part2, `${path}.content[${index}]`));
  const blocks = contentEntries(context, parts, `${path}.content`, "tool").map(({ block }) => withMark(block, void 0)).filter((block) => block["text"] !== "");
  const texts = blocks.filter((block) => block.type === "text");
  if (isError && texts.length < blocks.length) {
    warn(
      context,
      "unsupported_value",
      `${path}.content`,
      "an error result holds text only; the rest is left out"
    );
  }
  return { content: isError ? texts : blocks, mark: marks.findLast((mark) => mark !== void 0) };
}

// src/providers/anthropic/encode/user-turn.ts
function addUser(state, message2, index) {
  const { context } = state;
  const path = `messages[${index}]`;
  let results = 0;
  const entries = contentEntries(context, message2.content, `${path}.content`, "user", (part2, from) => {
    if (part2.type !== "tool_result" || !isNativePart(context, part2.type, "user")) return false;
    addNativeResult(state, part2, from);
    results++;
    return true;
  });
  markLast(entries, cacheMark(context, message2, path));
  if (entries.every(({ block }) => isBlank(block))) {
    addNothing(state, entries, results > 0 ? void 0 : `${path}.content`);
    return;
  }
  appendTurn(state.turns, "user", named(state, message2, entries, path));
}
function addNothing(state, entries, path) {
  const marks = entries.flatMap(
    (entry) => entry.block["cache_control"] === void 0 ? [] : [{ ...entry, block: { ...entry.block, text: "" } }]
  );
  if (path === void 0 && marks.length === 0) return;
  const turn = appendTurn(state.turns, "user", marks);
  if (path !== void 0) turn.empty ??= path;
}
function named(state, message2, entries, path) {
  const { name } = message2;
  if (!name) return entries;
  if (!state.context.options.prefixNames) {
    warnOnce(state.context, "name_dropped", `${path}.name`, "Claude knows no participant names; not sent");
    return entries;
  }
  const [first, ...rest] = entries;
  if (first?.block.type !== "text") return [textEntry(`${name}:`, path), ...entries];
  return [{ ...first, block: { ...first.block, text: `${name}: ${String(first.block["text"])}` } }, ...rest];
}

// src/providers/anthropic/encode/conversation.ts
var ADDERS = {
  system: addSystem,
  developer: addSystem,
  user: addUser,
  assistant: addAssistant,
  tool: addToolResult,
  function: addFunctionResult
};
function readConversation(context, names) {
  const { messages } = context.request;
  checkList(context, messages);
  const state = createConversationState(context, names, planReplay(context, names));
  for (const [index, message2] of messages.entries()) {
    if (!Object.hasOwn(ADDERS, message2.role)) {
      throw refusal(context, `messages[${index}].role`, "invalid_value", "unknown role");
    }
    ADDERS[message2.role](state, message2, index);
  }
  checkCalls(state, messages);
  const turns = placeSystemTurns(context, state.turns);
  return {
    turns,
    system: state.system,
    calledTools: state.calledTools,
    replaysThinking: turns.some((turn) => turn.entries.some(({ block }) => isThinking(block))),
    isPaused: state.replays.get(messages.length - 1)?.paused ?? false
  };
}
function checkList(context, messages) {
  if (messages === void 0 || messages === null || Array.isArray(messages) && messages.length === 0) {
    throw refusal(context, "messages", "missing_required_parameter", "expected at least one message");
  }
  if (!Array.isArray(messages)) throw refusal(context, "messages", "invalid_type", "expected an array");
}
function checkCalls(state, messages) {
  for (const call of state.book.calls) {
    if (call.answered) continue;
    if (call.message === messages.length - 1) {
      const param = `messages[${call.message}].tool_calls`;
      throw refusal(
        state.context,
        param,
        "invalid_value",
        "every tool call needs a result before the next turn"
      );
    }
    warn(state.context, "missing_tool_result", call.from, "the call has no result; an error result is sent");
  }
}

// src/providers/anthropic/encode/finish-turns.ts
var MAX_MESSAGES = 1e5;
function finishTurns(context, turns) {
  const finished = [];
  for (const turn of turns) {
    const entries = settleMarks(turn.resultsOnly ? foldIntoResults(context, turn.entries) : turn.entries);
    if (entries.length > 0) finished.push({ ...turn, entries });
    else if (turn.empty !== void 0) {
      throw refusal(context, turn.empty, "invalid_value", "a user message needs visible content");
    }
  }
  if (finished.length === 0) {
    throw refusal(context, "messages", "invalid_value", "expected a user message besides the system prompt");
  }
  if (context.options.requireUserFirst && finished[0]?.role !== "user") {
    finished.unshift({
      role: "user",
      entries: [{ block: { type: "text", text: "." }, from: "messages[0]" }]
    });
  }
  if (finished.length > MAX_MESSAGES) {
    throw refusal(
      context,
      "messages",
      "array_above_max_length",
      `at most ${MAX_MESSAGES} messages can be sent`
    );
  }
  checkImages(context, finished);
  return finished;
}
function foldIntoResults(context, entries) {
  const results = entries.filter(({ block }) => block.type === "tool_result");
  const others = entries.filter(({ block }) => block.type !== "tool_result" && !isEmptyText(block));
  const last = results.at(-1);
  if (!last || others.length === 0) return entries;
  const param = others[0]?.from ?? last.from;
  warn(
    context,
    "moved_into_tool_result",
    param,
    "nothing but results may follow here; sent inside the last result"
  );
  const content2 = [
    ...asBlocks(last.block["content"]),
    ...others.map(({ block }) => withMark(block, void 0))
  ];
  return [...results.slice(0, -1), { ...last, block: { ...last.block, content: content2 } }];
}
function asBlocks(content2) {
  if (typeof content2 === "string") return content2 === "" ? [] : [{ type: "text", text: content2 }];
  return Array.isArray(content2) ? content2 : [];
}
function settleMarks(entries) {
  const settled = [];
  for (const entry of entries) {
    const mark = entry.block["cache_control"];
    if (isCacheable(entry.block)) {
      settled.push(entry);
      continue;
    }
    if (!isEmptyText(entry.block)) settled.push({ ...entry, block: withMark(entry.block, void 0) });
    if (mark !== void 0) giveMark(settled, mark);
  }
  return settled;
}
function giveMark(settled, mark) {
  const index = settled.findLastIndex(({ block }) => isCacheable(block));
  const entry = settled[index];
  if (!entry || entry.block["cache_control"] !== void 0) return;
  settled[index] = { ...entry, block: { ...entry.block, cache_control: mark } };
}
function checkImages(context, turns) {
  const window = context.model.contextWindow;
  const limit = window !== void 0 && window <= 2e5 ? 100 : 600;
  let images = 0;
  for (const turn of turns) for (const { block } of turn.entries) images += imagesIn(block);
  if (images > limit) {
    throw refusal(context, "messages", "array_above_max_length", `at most ${limit} images can be sent`);
  }
}
function imagesIn(block) {
  if (block.type === "image") return 1;
  const content2 = block["content"];
  if (block.type !== "tool_result" || !Array.isArray(content2)) return 0;
  return content2.filter((inner) => isBlock(inner) && inner.type === "image").length;
}

// src/providers/anthropic/reading.ts
var JSON_TOOL_NAME = "json_response";

// src/providers/anthropic/encode/tool-wish.ts
function readToolWish(context) {
  const {
    tool_choice: choice,
    functions,
    function_call: legacy2,
    parallel_tool_calls: parallel
  } = context.request;
  if (Array.isArray(functions) && functions.length > 0) {
    return { from: "function_call", single: true, ...readChoice(context, legacy2, "function_call") };
  }
  const from = choice == null && legacy2 != null ? "function_call" : "tool_choice";
  const isSingle = isRecord(choice) && choice["disable_parallel_tool_use"] === true;
  return { from, single: parallel === false || isSingle, ...readChoice(context, choice ?? legacy2, from) };
}
var WORDS = {
  auto: "auto",
  none: "none",
  required: "any"
};
function readChoice(context, choice, from) {
  if (choice === void 0 || choice === null) return { kind: "absent" };
  if (typeof choice === "string" && Object.hasOwn(WORDS, choice)) return { kind: WORDS[choice] ?? "auto" };
  if (!isRecord(choice)) throw refusal(context, from, "invalid_value", "unknown tool choice");
  switch (choice["type"]) {
    case "function":
      return named2(context, choice["function"], from);
    case "custom":
      return named2(context, choice["custom"], from);
    case "allowed_tools":
      return allowed(context, choice["allowed_tools"], from);
    case "auto":
    case "any":
    case "none":
      return { kind: choice["type"] };
    case "tool":
    case void 0:
      return named2(context, choice, from);
    default:
      throw refusal(context, `${from}.type`, "invalid_value", "unknown tool choice");
  }
}
function named2(context, holder, from) {
  const name = isRecord(holder) ? holder["name"] : void 0;
  if (typeof name === "string") return { kind: "named", name };
  throw refusal(context, from, "invalid_value", "expected the name of a tool");
}
function allowed(context, value, from) {
  const { mode, tools } = isRecord(value) ? value : {};
  if (!Array.isArray(tools)) {
    throw refusal(context, `${from}.allowed_tools.tools`, "invalid_type", "expected an array");
  }
  return { kind: "allowed", required: mode === "required", names: tools.map(nameOf) };
}
function nameOf(tool2) {
  if (!isRecord(tool2)) return "";
  const holder = isRecord(tool2["function"]) ? tool2["function"] : isRecord(tool2["custom"]) ? tool2["custom"] : tool2;
  return String(holder["name"] ?? "");
}

// src/providers/anthropic/encode/tool-choice.ts
function decideToolChoice(context, drafts, thinksByBudget) {
  const wish = readToolWish(context);
  const single = wish.single ? { disable_parallel_tool_use: true } : {};
  if (drafts.length === 0) return withoutTools(context, wish);
  const allowed2 = wish.kind === "allowed" ? allowedDrafts(context, drafts, wish) : drafts;
  switch (forceOf(wish, allowed2)) {
    case "absent":
      return { choice: wish.single ? { type: "auto", ...single } : void 0, drafts, weakened: void 0 };
    case "auto":
      return { choice: { type: "auto", ...single }, drafts: allowed2, weakened: void 0 };
    case "none":
      return { choice: { type: "none" }, drafts, weakened: void 0 };
    case "any":
      return forced(context, { type: "any", ...single }, allowed2, wish, thinksByBudget);
    case "tool": {
      const name = wireNameOf(context, allowed2, wish);
      return forced(context, { type: "tool", name, ...single }, allowed2, wish, thinksByBudget);
    }
  }
}
function forceOf(wish, allowed2) {
  switch (wish.kind) {
    case "named":
      return "tool";
    case "allowed":
      if (wish.names.length === 0) return "none";
      if (!wish.required) return "auto";
      return allowed2.length === 1 ? "tool" : "any";
    default:
      return wish.kind;
  }
}
function withoutTools(context, wish) {
  const isForced = wish.kind === "any" || wish.kind === "named" || wish.kind === "allowed" && wish.required;
  if (isForced)
    throw refusal(context, wish.from, "invalid_value", "a tool is demanded, but there are no tools");
  return { choice: void 0, drafts: [], weakened: void 0 };
}
function allowedDrafts(context, drafts, wish) {
  for (const [index, name] of wish.names.entries()) {
    if (!drafts.some((draft) => draft.name === name)) {
      const param = `${wish.from}.allowed_tools.tools[${index}]`;
      throw refusal(context, param, "invalid_value", "no tool of this name is declared");
    }
  }
  const kept = drafts.filter(({ name }) => name !== void 0 && wish.names.includes(name));
  if (wish.names.length > 0 && kept.length < drafts.length) {
    warn(
      context,
      "cache_prefix_changed",
      wish.from,
      "the other tools are left out, which changes the cached prefix"
    );
  }
  return kept;
}
function wireNameOf(context, drafts, wish) {
  const name = wish.kind === "named" ? wish.name : drafts[0]?.name;
  const wire = drafts.find((draft) => draft.name === name)?.tool.name;
  if (wire !== void 0) return wire;
  throw refusal(context, wish.from, "invalid_value", "no tool of this name is declared");
}
function forced(context, choice, drafts, wish, thinksByBudget) {
  if (!context.model.forcedToolUnsupported && !thinksByBudget) return { choice, drafts, weakened: void 0 };
  warn(
    context,
    "forced_tool_choice_weakened",
    wish.from,
    "cannot be forced here; the model is asked for the call in words and may not make it"
  );
  const wireName = choice.type === "tool" ? choice.name : void 0;
  return {
    choice: { type: "auto", ...wish.single && { disable_parallel_tool_use: true } },
    drafts,
    weakened: { wireName, from: wish.from }
  };
}
function forcedCallText(wireName) {
  return wireName === void 0 ? "Answer by calling one of the available tools." : `Answer by calling the tool \`${wireName}\`.`;
}
function forcesTool(context) {
  const wish = readToolWish(context);
  return wish.kind === "any" || wish.kind === "named" || wish.kind === "allowed" && wish.required;
}

// src/providers/anthropic/encode/schema-refs.ts
function resolveRef(root, ref) {
  if (!ref.startsWith("#")) return void 0;
  let target = root;
  for (const token of ref.slice(1).split("/").filter(Boolean)) {
    const key = decodeToken(token);
    if (!isRecord(target) && !Array.isArray(target)) return void 0;
    if (!Object.hasOwn(target, key)) return void 0;
    target = Reflect.get(target, key);
  }
  return isRecord(target) ? target : void 0;
}
function decodeToken(token) {
  return token.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))).replaceAll("~1", "/").replaceAll("~0", "~");
}
function dereference(root, schema) {
  const seen = /* @__PURE__ */ new Set();
  let current = schema;
  while (current !== void 0 && typeof current["$ref"] === "string") {
    if (seen.has(current)) return void 0;
    seen.add(current);
    current = resolveRef(root, current["$ref"]);
  }
  return current;
}
function describesObject(schema) {
  const { type, properties } = schema;
  if (type === void 0) return isRecord(properties);
  return type === "object" || Array.isArray(type) && type.includes("object");
}
function childSchemas(schema) {
  const children = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (SCHEMA_MAPS.has(keyword) && isRecord(value)) children.push(...Object.values(value).filter(isRecord));
    else if (SCHEMA_LISTS.has(keyword) && Array.isArray(value)) children.push(...value.filter(isRecord));
    else if (SCHEMA_VALUES.has(keyword) && isRecord(value)) children.push(value);
  }
  return children;
}
var SCHEMA_MAPS = /* @__PURE__ */ new Set(["properties", "$defs", "definitions", "patternProperties"]);
var SCHEMA_LISTS = /* @__PURE__ */ new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
var SCHEMA_VALUES = /* @__PURE__ */ new Set([
  "items",
  "additionalProperties",
  "not",
  "if",
  "then",
  "else"
]);

// src/providers/anthropic/encode/schema-merge.ts
function mergeBranches(root, branches, combinator) {
  const objects = [];
  for (const branch of branches) {
    const target = isRecord(branch) ? dereference(root, branch) : void 0;
    if (!target || !describesObject(target)) return void 0;
    objects.push(target);
  }
  const lists = objects.map(requiredOf);
  const [first = [], ...others] = lists;
  const required = combinator === "allOf" ? [...new Set(lists.flat())] : first.filter((name) => others.every((list) => list.includes(name)));
  return { properties: uniteProperties(objects, combinator), required };
}
function requiredOf(schema) {
  const { required } = schema;
  return Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
}
function uniteProperties(objects, combinator) {
  const versions = /* @__PURE__ */ new Map();
  for (const { properties } of objects) {
    if (!isRecord(properties)) continue;
    for (const [name, schema] of Object.entries(properties)) {
      const known2 = versions.get(name) ?? /* @__PURE__ */ new Map();
      known2.set(JSON.stringify(schema), schema);
      versions.set(name, known2);
    }
  }
  const keyword = combinator === "allOf" ? "allOf" : "anyOf";
  return Object.fromEntries(
    [...versions].map(([name, known2]) => {
      const [only, ...more] = [...known2.values()];
      return [name, more.length === 0 ? only : { [keyword]: [only, ...more] }];
    })
  );
}
function describe(description, removed) {
  const text2 = typeof description === "string" ? description : "";
  const told = Object.entries(removed).map(([keyword, value]) => `${keyword}: ${JSON.stringify(value)}`);
  if (told.length === 0) return text2 === "" ? void 0 : text2;
  return `${text2 === "" ? "" : `${text2}

`}{${told.join(", ")}}`;
}

// src/providers/anthropic/encode/tool-schema.ts
var COMBINATORS = ["anyOf", "oneOf", "allOf"];
function inputSchema(context, parameters, path) {
  if (parameters === void 0 || parameters === null) return { type: "object", properties: {} };
  if (!isRecord(parameters))
    throw refusal(context, path, "invalid_json_schema", "expected a JSON schema object");
  const { $schema: _, ...schema } = parameters;
  if (Object.keys(schema).length === 0) return { type: "object", properties: {} };
  const combinator = COMBINATORS.find((keyword) => Array.isArray(schema[keyword]));
  if (combinator) return withoutCombinator(context, schema, combinator, path);
  return objectRoot(context, schema, path);
}
function objectRoot(context, schema, path) {
  if (schema["type"] === "object") return schema;
  if (typeof schema["$ref"] === "string") return inlinedRoot(context, schema, path);
  if (schema["type"] !== void 0 && !describesObject(schema)) {
    throw refusal(context, path, "invalid_json_schema", "the root of a tool schema must be an object");
  }
  return { type: "object", ...withoutType(schema) };
}
function withoutType(schema) {
  const { type: _, ...rest } = schema;
  return rest;
}
function inlinedRoot(context, schema, path) {
  const target = dereference(schema, schema);
  if (!target || !describesObject(target)) {
    throw refusal(context, path, "invalid_json_schema", "the root of a tool schema must be an object");
  }
  const { $ref: _, ...rest } = schema;
  return { ...rest, ...target, type: "object" };
}
function withoutCombinator(context, schema, combinator, path) {
  const { [combinator]: branches, description, required: _, ...rest } = schema;
  const merged = Array.isArray(branches) ? mergeBranches(schema, branches, combinator) : void 0;
  const hasMore = COMBINATORS.some((keyword) => keyword !== combinator && schema[keyword] !== void 0);
  if (!merged || hasMore || schema["type"] !== void 0 && !describesObject(schema)) {
    throw refusal(
      context,
      path,
      "invalid_json_schema",
      `${combinator} at the root cannot be sent; use one object`
    );
  }
  warn(context, "schema_merged", path, `${combinator} at the root is sent as one object with all properties`);
  const own = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required = [.../* @__PURE__ */ new Set([...requiredOf(schema), ...merged.required])];
  return {
    ...rest,
    type: "object",
    description: describe(description, { [combinator]: branches }),
    properties: { ...merged.properties, ...own },
    ...required.length > 0 && { required }
  };
}

// src/providers/anthropic/encode/json-tool.ts
function jsonTool(context, decision, schema, hasTools, thinks) {
  if (thinks || hasTools && forcesTool(context)) {
    const what = thinks ? "thinking" : "a forced tool";
    throw refusal(
      context,
      "response_format",
      "unsupported_value",
      `this model cannot combine it with ${what}`
    );
  }
  const tool2 = {
    name: JSON_TOOL_NAME,
    description: "Gives the answer. Call it once, with the whole answer.",
    input_schema: inputSchema(context, schema, "response_format.json_schema.schema")
  };
  const mayCallOthers = hasTools && decision.choice?.type !== "none";
  return {
    choice: mayCallOthers ? { type: "any", disable_parallel_tool_use: true } : { type: "tool", name: JSON_TOOL_NAME, disable_parallel_tool_use: true },
    drafts: [
      ...decision.drafts,
      { kind: "function", name: JSON_TOOL_NAME, tool: tool2, strict: false, from: "response_format" }
    ],
    weakened: void 0
  };
}

// src/providers/anthropic/encode/last-turn.ts
function settleLastTurn(context, conversation, facts) {
  const { turns, isPaused } = conversation;
  const last = turns.at(-1);
  if (last?.role !== "assistant" || isPaused) return;
  const isRedeemed = nativeField(context, "fallback_credit_token") !== void 0;
  if (context.model.prefill || isRedeemed) {
    refusePrefillWith(context, facts);
    trimEnd(last);
    return;
  }
  if (prefillOption(context) !== "convert") {
    throw refusal(
      context,
      lastPath(context),
      "unsupported_value",
      "this model cannot continue an assistant message; end with a user message"
    );
  }
  turns.push({ role: "user", entries: [textEntry(continuation(last), lastPath(context))] });
}
var lastPath = (context) => `messages[${context.request.messages.length - 1}]`;
function prefillOption(context) {
  return nativeField(context, "prefill", "bag") ?? context.options.prefill ?? "reject";
}
function refusePrefillWith(context, { thinks, hasFormat }) {
  if (!thinks && !hasFormat) return;
  const what = thinks ? "while thinking is on" : "together with a JSON schema";
  throw refusal(
    context,
    lastPath(context),
    "unsupported_value",
    `an assistant message cannot be continued ${what}; end with a user message`
  );
}
function trimEnd({ entries }) {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    const text2 = entry?.block["text"];
    if (entry?.block.type !== "text" || typeof text2 !== "string") return;
    const trimmed = text2.trimEnd();
    if (trimmed !== text2) entries[index] = { ...entry, block: { ...entry.block, text: trimmed } };
    if (trimmed !== "") return;
  }
}
function continuation(turn) {
  const texts = turn.entries.map(({ block }) => block.type === "text" ? String(block["text"]) : "");
  return [
    "Your previous answer was interrupted and ended with the text between the tags.",
    `<partial_answer>${texts.join("")}</partial_answer>`,
    "Continue exactly where it stops, without repeating it."
  ].join("\n");
}

// src/providers/anthropic/encode/effort-plan.ts
var BUDGET_TOKENS = {
  minimal: 1024,
  low: 1024,
  medium: 4096,
  high: 16e3,
  xhigh: 32e3,
  max: 32e3
};
var ALWAYS_THINKS = {
  code: "unsupported_value",
  message: "this model always thinks; sent as low effort"
};
var NO_XHIGH = { code: "clamped", message: "this model has no xhigh effort; sent as high" };
var NEVER_THINKS = { code: "unsupported_value", message: "this model cannot think; not sent" };
function effortPlan(modelClass, asked) {
  if (asked === "none") return withoutThinking2(modelClass);
  const effort = asked === "minimal" ? "low" : asked;
  switch (modelClass) {
    case "A":
    case "A_preview":
      return asked === "minimal" ? { effort, notice: ALWAYS_THINKS } : { effort };
    case "B":
    case "C":
    case "D":
      return { effort };
    case "E":
      return { thinking: "adaptive", effort };
    case "F":
      if (effort === "xhigh") return { thinking: "adaptive", effort: "high", notice: NO_XHIGH };
      return { thinking: "adaptive", effort };
    case "G":
    case "H":
      return { budgetTokens: BUDGET_TOKENS[asked] };
    case "I":
      return { notice: NEVER_THINKS };
  }
}
function withoutThinking2(modelClass) {
  switch (modelClass) {
    case "A":
    case "A_preview":
      return { effort: "low", notice: ALWAYS_THINKS };
    case "B":
      return { thinking: "between_tools" };
    case "C":
    case "D":
      return { thinking: "disabled" };
    default:
      return {};
  }
}
function effortOfBudget(budgetTokens) {
  if (budgetTokens <= 2048) return "low";
  if (budgetTokens <= 8192) return "medium";
  return budgetTokens <= 24e3 ? "high" : "xhigh";
}
function budgetOfEffort(effort) {
  return BUDGET_TOKENS[effort];
}

// src/providers/anthropic/encode/thinking-budget.ts
function budgeted(context, budgetTokens, maxTokens, param = "reasoning_effort") {
  const budget = Math.min(budgetTokens, maxTokens - 1);
  if (budget >= 1024) return { type: "enabled", budget_tokens: budget };
  warn(context, "thinking_disabled", param, "thinking needs at least 1,024 tokens of the cap; switched off");
  return void 0;
}

// src/providers/anthropic/encode/native-thinking.ts
var ACCEPTED = {
  A: ["adaptive"],
  A_preview: ["adaptive", "enabled"],
  B: ["adaptive", "between_tools"],
  C: ["adaptive", "disabled"],
  D: ["adaptive", "disabled"],
  E: ["adaptive", "disabled"],
  F: ["adaptive", "enabled", "disabled"],
  G: ["enabled", "disabled"],
  H: ["enabled", "disabled"],
  I: []
};
function nativeThinking(context, native, maxTokens, asked) {
  const type = String(native["type"]);
  const { modelClass } = context.model;
  if (!ACCEPTED[modelClass].includes(type)) return rewritten(context, native, type, maxTokens, asked);
  if (type !== "enabled") return { thinking: { ...native, type }, effort: void 0 };
  const thinking = budgeted(context, budgetOf(context, native), maxTokens, "thinking.budget_tokens");
  return { thinking: thinking && { ...native, ...thinking }, effort: void 0 };
}
function budgetOf(context, native) {
  const budget = native["budget_tokens"];
  if (typeof budget === "number" && Number.isInteger(budget) && budget > 0) return budget;
  throw refusal(context, "thinking.budget_tokens", "invalid_value", "expected a whole number of tokens");
}
function rewritten(context, native, type, maxTokens, asked) {
  warn(
    context,
    "unsupported_value",
    "thinking.type",
    `this model does not take thinking "${type}"; rewritten`
  );
  const { modelClass } = context.model;
  if (modelClass === "I") return { thinking: void 0, effort: void 0 };
  if (type === "enabled") {
    const thinking = { type: "adaptive", ...displayOf(native) };
    return { thinking, effort: effortOfBudget(budgetOf(context, native)) };
  }
  if (type === "adaptive") {
    const budget = budgetOfEffort(nativeEffort(context) ?? effortOf(asked));
    return { thinking: budgeted(context, budget, maxTokens, "thinking.type"), effort: void 0 };
  }
  if (type !== "disabled") return { thinking: void 0, effort: void 0 };
  const plan = effortPlan(modelClass, "none");
  return { thinking: plan.thinking && { type: plan.thinking }, effort: plan.effort };
}
var displayOf = (native) => native["display"] == null ? {} : { display: native["display"] };
var effortOf = (asked) => asked === void 0 || asked === "none" || asked === "minimal" ? "high" : asked;
var EFFORTS = ["low", "medium", "high", "xhigh", "max"];
function isEffort(value) {
  return typeof value === "string" && EFFORTS.includes(value);
}
function nativeEffort(context) {
  const effort = nativeObject(context, "output_config")?.["effort"];
  if (effort == null) return void 0;
  if (isEffort(effort)) return effort;
  throw refusal(context, "output_config.effort", "invalid_value", `expected one of ${EFFORTS.join(", ")}`);
}

// src/providers/anthropic/encode/output-config.ts
function outputConfig(context, format, choice) {
  const { effort: _, ...own } = nativeObject(context, "output_config") ?? {};
  const outdated = nativeObject(context, "output_format");
  const effort = legalEffort(context, choice);
  if (own["task_budget"] != null) requireBeta(context, "field", "task_budget");
  const config = {
    ...format && { format },
    ...outdated && { format: outdated },
    ...effort && { effort },
    ...own
  };
  return Object.keys(config).length > 0 ? config : void 0;
}
var EFFORTS2 = {
  A: ["low", "medium", "high", "xhigh", "max"],
  A_preview: ["low", "medium", "high", "xhigh", "max"],
  B: ["low", "medium", "high", "xhigh", "max"],
  C: ["low", "medium", "high", "xhigh", "max"],
  D: ["low", "medium", "high", "xhigh", "max"],
  E: ["low", "medium", "high", "xhigh", "max"],
  F: ["low", "medium", "high", "max"],
  G: ["low", "medium", "high"],
  H: [],
  I: []
};
function legalEffort(context, choice) {
  const native = nativeEffort(context);
  const effort = native ?? choice.effort;
  if (effort === void 0) return void 0;
  const { modelClass } = context.model;
  const levels = EFFORTS2[modelClass];
  const param = native === void 0 ? "reasoning_effort" : "output_config.effort";
  if (levels.length === 0) {
    warn(context, "unsupported_parameter", param, "this model has no effort; not sent");
    return void 0;
  }
  const type = choice.thinking?.type;
  const isLimited = type === "between_tools" || type === "disabled" && modelClass === "C";
  const isTooHigh = isLimited && (effort === "xhigh" || effort === "max");
  if (levels.includes(effort) && !isTooHigh) return effort;
  warn(context, "clamped", param, "the highest effort accepted here is high");
  return "high";
}

// src/providers/anthropic/encode/schema-limits.ts
var MAX_OPTIONAL = 24;
var MAX_UNIONS = 16;
function structuralProblem(schema) {
  return walk(schema, schema, /* @__PURE__ */ new Set(), /* @__PURE__ */ new Set());
}
function loadProblem({ optional, unions }) {
  if (optional > MAX_OPTIONAL) return `has more than ${MAX_OPTIONAL} optional properties`;
  return unions > MAX_UNIONS ? `has more than ${MAX_UNIONS} properties of several types` : void 0;
}
var CYCLE = "refers to itself";
function isCyclic(root, schema) {
  return isRecord(schema) && walk(root, schema, /* @__PURE__ */ new Set(), /* @__PURE__ */ new Set(), true) === CYCLE;
}
function walk(root, schema, open, done, onlyCycles = false) {
  if (open.has(schema)) return CYCLE;
  if (done.has(schema)) return void 0;
  const extra = schema["additionalProperties"];
  const isMap = isRecord(extra) && Object.keys(extra).length > 0;
  if (isMap && !onlyCycles) return "describes a map with free keys";
  open.add(schema);
  const ref = schema["$ref"];
  const target = typeof ref === "string" ? resolveRef(root, ref) : void 0;
  if (typeof ref === "string" && !target && !onlyCycles) return "refers to something outside of it";
  for (const child of target ? [...childSchemas(schema), target] : childSchemas(schema)) {
    const problem = walk(root, child, open, done, onlyCycles);
    if (problem) return problem;
  }
  open.delete(schema);
  done.add(schema);
  return void 0;
}
function schemaLoad(schema) {
  let { optional, unions } = ownLoad(schema);
  for (const child of childSchemas(schema)) {
    const load = schemaLoad(child);
    optional += load.optional;
    unions += load.unions;
  }
  return { optional, unions };
}
function ownLoad(schema) {
  const { properties, type, anyOf, oneOf } = schema;
  const required = new Set(requiredOf(schema));
  const names = isRecord(properties) ? Object.keys(properties) : [];
  const isUnion = Array.isArray(anyOf) || Array.isArray(oneOf) || Array.isArray(type) && type.length > 1;
  return { optional: names.filter((name) => !required.has(name)).length, unions: isUnion ? 1 : 0 };
}

// src/providers/anthropic/encode/strict-schema.ts
var FORMATS = /* @__PURE__ */ new Set([
  "date-time",
  "time",
  "date",
  "duration",
  "email",
  "hostname",
  "uri",
  "ipv4",
  "ipv6",
  "uuid"
]);
var SILENT = /* @__PURE__ */ new Set(["$schema", "$id", "$comment"]);
var MAX_MERGED_NODES = 1e4;
function strictSchema(schema) {
  return sanitize(schema, { root: schema, nodes: 0 });
}
function sanitize(schema, walk2) {
  walk2.nodes++;
  if (!isRecord(schema)) return {};
  const defs = schema["$defs"] ?? schema["definitions"];
  const definitions = isRecord(defs) ? { $defs: sanitizeEach(defs, walk2) } : {};
  if (typeof schema["$ref"] === "string") return { ...definitions, $ref: modernRef(schema["$ref"]) };
  if (schema["nullable"] === true) {
    const { nullable: _, $defs: __, definitions: ___, ...rest } = schema;
    return { ...definitions, anyOf: [sanitize(rest, walk2), { type: "null" }] };
  }
  const draft = { walk: walk2, kept: { ...definitions }, removed: {} };
  for (const [keyword, value] of Object.entries(schema)) readKeyword(draft, keyword, value, schema);
  if (describesObject(schema) || draft.kept["properties"]) closeObject(draft, schema);
  const description = describe(schema["description"], draft.removed);
  return { ...draft.kept, ...description !== void 0 && { description } };
}
var READERS = {
  type: (draft, value) => keep(draft, "type", value),
  title: (draft, value) => keep(draft, "title", value),
  enum: (draft, value) => Array.isArray(value) && value.every(isPrimitive) && keep(draft, "enum", value),
  const: (draft, value) => isPrimitive(value) && keep(draft, "enum", [value]),
  anyOf: (draft, value) => readUnion(draft, value),
  oneOf: (draft, value, schema) => schema["anyOf"] === void 0 && readUnion(draft, value),
  allOf: (draft, value) => readAllOf(draft, value),
  items: (draft, value) => isRecord(value) && keep(draft, "items", sanitize(value, draft.walk)),
  format: (draft, value) => FORMATS.has(value) && keep(draft, "format", value),
  minItems: (draft, value) => (value === 0 || value === 1) && keep(draft, "minItems", value),
  properties: () => true,
  required: () => true,
  additionalProperties: () => true,
  description: () => true,
  nullable: () => true,
  $defs: () => true,
  definitions: () => true
};
function readKeyword(draft, keyword, value, schema) {
  if (SILENT.has(keyword) || value === void 0) return;
  const reader = Object.hasOwn(READERS, keyword) ? READERS[keyword] : void 0;
  if (!reader?.(draft, value, schema)) draft.removed[keyword] = value;
}
function keep(draft, keyword, value) {
  draft.kept[keyword] = value;
  return true;
}
var isPrimitive = (value) => value === null || typeof value !== "object";
function readUnion(draft, value) {
  return Array.isArray(value) && keep(
    draft,
    "anyOf",
    value.map((branch) => sanitize(branch, draft.walk))
  );
}
function readAllOf(draft, value) {
  if (!Array.isArray(value)) return false;
  const { root, nodes } = draft.walk;
  const mayMerge = value.length > 1 && nodes < MAX_MERGED_NODES && !value.some((branch) => isCyclic(root, branch));
  const merged = mayMerge ? mergeBranches(root, value, "allOf") : void 0;
  if (!merged)
    return keep(
      draft,
      "allOf",
      value.map((branch) => sanitize(branch, draft.walk))
    );
  draft.kept["type"] ??= "object";
  draft.kept["properties"] = sanitizeEach(merged.properties, draft.walk);
  return keep(draft, "required", merged.required);
}
function closeObject(draft, schema) {
  const own = isRecord(schema["properties"]) ? sanitizeEach(schema["properties"], draft.walk) : {};
  const merged = isRecord(draft.kept["properties"]) ? draft.kept["properties"] : {};
  const required = [.../* @__PURE__ */ new Set([...requiredOf(schema), ...requiredOf(draft.kept)])];
  draft.kept["type"] ??= "object";
  draft.kept["properties"] = { ...merged, ...own };
  if (required.length > 0 || Array.isArray(schema["required"])) draft.kept["required"] = required;
  else delete draft.kept["required"];
  draft.kept["additionalProperties"] = false;
}
function sanitizeEach(schemas, walk2) {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, sanitize(schema, walk2)]));
}
function modernRef(ref) {
  return ref.replace(/^#\/definitions\//, "#/$defs/");
}

// src/providers/anthropic/encode/response-format.ts
var PLAIN_JSON = "Respond with a single JSON object and nothing else.";
function answerFormat(context) {
  const asked = context.request.response_format;
  if (asked == null || asked.type === "text") return {};
  if (asked.type === "json_schema")
    return bySchema(context, asked.json_schema, "response_format.json_schema");
  const beside = asked["schema"];
  if (isRecord(beside)) return bySchema(context, { schema: beside }, "response_format");
  return bestEffort(context, PLAIN_JSON);
}
function usesJsonTool(context) {
  const format = context.request.response_format;
  if (context.model.structuredOutputs || format == null || format.type === "text") return false;
  return format.type === "json_schema" ? isRecord(format.json_schema.schema) : isRecord(format["schema"]);
}
function bySchema(context, wanted, path) {
  const { schema } = wanted;
  if (schema === void 0) return bestEffort(context, PLAIN_JSON);
  const root = dereference(schema, schema);
  if (!root || !describesObject(root)) {
    throw refusal(
      context,
      `${path}.schema`,
      "invalid_json_schema",
      "the root of the schema must be an object"
    );
  }
  const described = withDescription(schema, wanted.description);
  if (!context.model.structuredOutputs) return { toolSchema: described };
  const strict = strictSchema(described);
  const problem = structuralProblem(schema) ?? loadProblem(schemaLoad(strict));
  if (problem === void 0) return { format: { type: "json_schema", schema: strict } };
  if (wanted.strict === true) {
    throw refusal(
      context,
      `${path}.schema`,
      "invalid_json_schema",
      `the schema ${problem}; not possible with strict`
    );
  }
  return bestEffort(context, `${PLAIN_JSON}
It must match this JSON schema:
${JSON.stringify(schema)}`);
}
function withDescription(schema, description) {
  const isNews = typeof description === "string" && description !== "" && !schema["description"];
  return isNews ? { ...schema, description } : schema;
}
function bestEffort(context, instruction) {
  warn(context, "json_object_best_effort", "response_format", "JSON is asked for in words and not enforced");
  return { instruction };
}

// src/providers/anthropic/encode/strict-tools.ts
var MAX_STRICT = 20;
function strictTools(context, drafts, alsoStrict) {
  const candidates2 = drafts.flatMap((draft, index) => {
    const isOurs = !draft.strict && alsoStrict.has(draft.tool.name ?? "");
    return draft.strict || isOurs ? candidateOf(context, draft, index, isOurs) : [];
  });
  while (isTooMuch(candidates2)) {
    const dropped2 = candidates2.pop();
    if (dropped2 && !dropped2.isOurs) {
      const param = `${drafts[dropped2.index]?.from}.function.strict`;
      warn(
        context,
        "strict_dropped",
        param,
        "the strict tools of this request exceed the limits; sent without"
      );
    }
  }
  const strict = new Map(candidates2.map(({ index, schema }) => [index, schema]));
  return drafts.map(({ tool: tool2 }, index) => {
    const schema = strict.get(index);
    return schema ? { ...tool2, strict: true, input_schema: schema } : tool2;
  });
}
function candidateOf(context, draft, index, isOurs) {
  const original = draft.tool.input_schema ?? {};
  const problem = context.model.structuredOutputs ? structuralProblem(original) : "cannot be enforced on this model";
  if (problem === void 0) {
    const schema = strictSchema(original);
    return [{ index, schema, load: schemaLoad(schema), isOurs }];
  }
  if (!isOurs) {
    warn(context, "strict_dropped", `${draft.from}.function.strict`, `the schema ${problem}; sent without`);
  }
  return [];
}
function isTooMuch(candidates2) {
  const total = candidates2.reduce(
    (sum, { load }) => ({ optional: sum.optional + load.optional, unions: sum.unions + load.unions }),
    { optional: 0, unions: 0 }
  );
  return candidates2.length > MAX_STRICT || loadProblem(total) !== void 0;
}

// src/providers/anthropic/encode/thinking.ts
function chooseThinking(context, maxTokens) {
  const { request, model: model2 } = context;
  const asked = request.reasoning_effort;
  const plan = asked == null ? {} : effortPlan(model2.modelClass, asked);
  const native = nativeObject(context, "thinking");
  if (native) {
    const choice = nativeThinking(context, native, maxTokens, asked ?? void 0);
    return { thinking: withDisplay(context, choice.thinking), effort: choice.effort ?? plan.effort };
  }
  notice(context, plan, asked);
  const thinking = plan.budgetTokens === void 0 ? named3(plan) : budgeted(context, plan.budgetTokens, maxTokens);
  return { thinking: withDisplay(context, thinking), effort: plan.effort };
}
function notice(context, plan, asked) {
  if (plan.notice && asked) warn(context, plan.notice.code, "reasoning_effort", plan.notice.message);
}
var named3 = ({ thinking }) => thinking === void 0 ? void 0 : { type: thinking };
function exposesReasoning({ request, options }) {
  const { include_reasoning: include, reasoning } = request;
  if (typeof include === "boolean") return include;
  const exclude = isRecord(reasoning) ? reasoning["exclude"] : void 0;
  return typeof exclude === "boolean" ? !exclude : options.exposeReasoning ?? false;
}
function withDisplay(context, thinking) {
  const thinksByItself = ["A", "A_preview", "B", "C", "D"].includes(context.model.modelClass);
  const drops = context.options.thinkingMismatch === "drop_block" && context.model.boundThinking;
  const wantsObject = thinksByItself && (exposesReasoning(context) || drops);
  const base = thinking ?? (wantsObject ? { type: "adaptive" } : void 0);
  if (base?.type !== "adaptive" && base?.type !== "enabled") return base;
  if (base.display === "updates") requireBeta(context, "field", "display_updates");
  if (drops) requireBeta(context, "field", "block_binding");
  return {
    ...base,
    ...base.display == null && exposesReasoning(context) && { display: "summarized" },
    // Upstream then drops blocks that do not fit the history, instead of answering 400 (TH-16).
    ...drops && { block_binding: { prefix_mismatch_behavior: "drop_block" } }
  };
}

// src/providers/anthropic/encode/custom-tools.ts
var FREE_TEXT = {
  type: "object",
  properties: { input: { type: "string" } },
  required: ["input"],
  additionalProperties: false
};
function customTool(context, names, custom, from) {
  const { name, description, format } = isRecord(custom) ? custom : {};
  if (typeof name !== "string" || name === "") {
    throw refusal(context, `${from}.custom.name`, "missing_required_parameter", "a custom tool needs a name");
  }
  const grammar = grammarText(context, format, `${from}.custom.format`);
  warn(context, "custom_tool_emulated", from, "sent as a function with one text parameter");
  const text2 = [description, grammar].filter((piece) => typeof piece === "string" && piece !== "").join("\n\n");
  return {
    name,
    tool: {
      name: names.wire(name, `${from}.custom.name`),
      ...text2 !== "" && { description: text2 },
      input_schema: FREE_TEXT
    }
  };
}
function grammarText(context, format, path) {
  if (!isRecord(format) || format["type"] !== "grammar") return void 0;
  if (!context.options.emulateGrammar) {
    throw refusal(context, path, "unsupported_value", "a grammar cannot be enforced; use a function tool");
  }
  const { syntax, definition } = isRecord(format["grammar"]) ? format["grammar"] : format;
  return `The input must follow this ${String(syntax)} grammar:
${String(definition)}`;
}

// src/providers/anthropic/encode/web-search.ts
var MAX_USES = { low: 1, medium: 5, high: 10 };
function webSearchTool(context, isPresent) {
  const options = context.request["web_search_options"];
  if (!isRecord(options) || isPresent) return void 0;
  if (!context.model.serverTools) {
    warn(context, "unsupported_parameter", "web_search_options", "this model has no server tools; not sent");
    return void 0;
  }
  const size = options["search_context_size"];
  const location = userLocation(options["user_location"]);
  return {
    type: "web_search_20250305",
    name: "web_search",
    max_uses: MAX_USES[typeof size === "string" ? size : "medium"] ?? 5,
    ...location && { user_location: location }
  };
}
function userLocation(value) {
  const place = isRecord(value) ? value["approximate"] : void 0;
  if (!isRecord(place)) return void 0;
  const known2 = ["city", "country", "region", "timezone"].filter((key) => typeof place[key] === "string");
  if (known2.length === 0) return void 0;
  return { type: "approximate", ...Object.fromEntries(known2.map((key) => [key, place[key]])) };
}

// src/providers/anthropic/encode/tool-drafts.ts
function toolDrafts(context, names) {
  const { tools, functions } = context.request;
  const legacy2 = Array.isArray(functions) ? functions : [];
  if (legacy2.length > 0 && tools && tools.length > 0) {
    throw refusal(context, "functions", "unsupported_parameter", "send either `functions` or `tools`");
  }
  const drafts = [
    ...(tools ?? []).map((tool2, index) => draftOf(context, names, tool2, `tools[${index}]`)),
    ...legacy2.filter(isRecord).map((fn, index) => functionDraft(context, names, {}, fn, `functions[${index}]`))
  ];
  const search = webSearchTool(
    context,
    drafts.some(({ tool: tool2 }) => tool2.name === "web_search")
  );
  if (search) {
    drafts.push({
      kind: "native",
      name: search.name,
      tool: search,
      strict: false,
      from: "web_search_options"
    });
  }
  refuseDuplicates(context, drafts);
  return drafts;
}
function draftOf(context, names, tool2, from) {
  if (tool2.type === "function" && tool2.function) {
    return functionDraft(context, names, tool2, tool2.function, `${from}.function`, from);
  }
  if (tool2.type === "custom") {
    const custom = customTool(context, names, tool2["custom"], from);
    return {
      kind: "custom",
      strict: false,
      from,
      ...custom,
      tool: { ...custom.tool, ...extras(context, tool2, {}, from) }
    };
  }
  return nativeDraft(context, tool2, from);
}
var NATIVE = /^(?:bash|text_editor|computer|web_search|web_fetch|code_execution|tool_search_tool|memory|browser)_|^mcp_toolset$/;
function nativeDraft(context, tool2, from) {
  const isAccepted = (context.options.acceptNativeTools ?? true) && NATIVE.test(tool2.type);
  if (!isAccepted) {
    throw refusal(
      context,
      `${from}.type`,
      "unsupported_value",
      "neither a function nor a tool Anthropic offers"
    );
  }
  requireBeta(context, "tool", tool2.type);
  const name = typeof tool2["name"] === "string" ? tool2["name"] : void 0;
  return { kind: "native", name, tool: tool2, strict: false, from };
}
function functionDraft(context, names, tool2, definition, path, from = path) {
  const { name, description, parameters, strict } = definition;
  if (typeof name !== "string" || name === "") {
    throw refusal(context, `${path}.name`, "missing_required_parameter", "a function needs a name");
  }
  return {
    kind: "function",
    name,
    strict: strict === true,
    from,
    tool: {
      name: names.wire(name, `${path}.name`),
      // An empty description is noise, and a made-up one would be ours (TL-2).
      ...typeof description === "string" && description !== "" && { description },
      input_schema: inputSchema(context, parameters, `${path}.parameters`),
      ...extras(context, tool2, definition, from)
    }
  };
}
var EXTRAS = [
  "defer_loading",
  "allowed_callers",
  "input_examples",
  "eager_input_streaming"
];
function extras(context, tool2, definition, path) {
  const found = {};
  for (const key of EXTRAS) {
    const value = tool2[key] ?? definition[key];
    if (value !== void 0 && value !== null) found[key] = value;
  }
  const mark = cacheMark(context, tool2["cache_control"] == null ? definition : tool2, path);
  return mark ? { ...found, cache_control: mark } : found;
}
function refuseDuplicates(context, drafts) {
  const seen = /* @__PURE__ */ new Set();
  for (const { tool: tool2, from, kind } of drafts) {
    if (tool2.name === void 0) continue;
    if (seen.has(tool2.name)) {
      const inner = kind === "native" || from.startsWith("functions") ? "" : `.${kind}`;
      throw refusal(context, `${from}${inner}.name`, "invalid_value", "tool names must be unique");
    }
    seen.add(tool2.name);
  }
}

// src/providers/anthropic/encode/tool-loop.ts
function settleToolLoop(context, choice, turns) {
  if (choice.thinking?.type !== "enabled" || !lacksLoopThinking(turns)) return choice;
  const { budget_tokens: _, ...rest } = choice.thinking;
  if (["A_preview", "F"].includes(context.model.modelClass)) {
    warn(context, "unsupported_value", "thinking.type", `${REASON}; thinking is adaptive for this request`);
    return { ...choice, thinking: { ...rest, type: "adaptive" } };
  }
  const code = "thinking_disabled_missing_blocks";
  warn(context, code, "messages", `${REASON}; thinking is off for this request`);
  return { ...choice, thinking: { type: "disabled" } };
}
var REASON = "the running tool loop holds no signed thinking";
function lacksLoopThinking(turns) {
  const hasResult = (turn) => turn.entries.some(({ block }) => block.type === "tool_result");
  const last = turns.findLast((turn) => turn.role !== "system");
  if (last?.role !== "user" || !hasResult(last)) return false;
  const start = turns.findLastIndex((turn) => turn.role === "user" && !hasResult(turn)) + 1;
  const loop = turns.slice(start).filter((turn) => turn.role === "assistant");
  return !loop.some((turn) => turn.entries.some(({ block }) => isThinking(block)));
}

// src/providers/anthropic/encode/tool-names.ts
function createToolNames(context, reserved) {
  const aliases = /* @__PURE__ */ new Map();
  const peek = (name) => isWireName(name) && !reserved.has(name) ? name : aliasOf(name);
  return {
    aliases,
    peek,
    wire(name, from) {
      const wire = peek(name);
      if (wire !== name && !aliases.has(wire)) {
        aliases.set(wire, name);
        warnOnce(context, "tool_name_aliased", from, "sent under an alias and mapped back in the answer");
      }
      return wire;
    }
  };
}
var isWireName = (name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name);
function aliasOf(name) {
  const readable = name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, 55);
  return `${readable}_${sha256Hex(name).slice(0, 8)}`;
}
function reservedNames(context, usesJsonTool2) {
  const { tools, functions, web_search_options: webSearch } = context.request;
  const taken = new Set(usesJsonTool2 ? [JSON_TOOL_NAME] : []);
  if (isRecord(webSearch) && context.model.serverTools) taken.add("web_search");
  const named4 = /* @__PURE__ */ new Set();
  for (const tool2 of tools ?? []) {
    const name = tool2["name"];
    if (tool2.function) named4.add(tool2.function.name);
    else if (isRecord(tool2["custom"])) named4.add(String(tool2["custom"]["name"]));
    else if (typeof name === "string") taken.add(name);
  }
  for (const fn of Array.isArray(functions) ? functions : []) if (isRecord(fn)) named4.add(String(fn["name"]));
  return new Set([...taken].filter((name) => named4.has(name) || name === JSON_TOOL_NAME));
}

// src/providers/anthropic/encode/prompt.ts
function encodePrompt(context, maxTokens) {
  const names = createToolNames(context, reservedNames(context, usesJsonTool(context)));
  const declared = toolDrafts(context, names);
  const conversation = readConversation(context, names);
  const thinking = settleToolLoop(context, chooseThinking(context, maxTokens), conversation.turns);
  const format = answerFormat(context);
  const decision = decide(context, declared, conversation, thinking, format);
  const config = outputConfig(context, format.format, thinking);
  refuseCitedFormat(context, conversation, config);
  settleLastTurn(context, conversation, {
    thinks: thinking.thinking?.type === "enabled",
    hasFormat: config?.["format"] !== void 0 || format.toolSchema !== void 0
  });
  if (decision.weakened) askForCall(conversation.turns, decision.weakened);
  const marked2 = limitBreakpoints(context, {
    tools: strictTools(context, decision.drafts, helpfulStrict(context, decision, conversation)),
    system: systemPrompt(conversation.system, format.instruction),
    turns: finishTurns(context, conversation.turns),
    automatic: automaticCache(context)
  });
  return {
    system: marked2.system,
    turns: marked2.turns,
    tools: marked2.tools,
    automaticCache: marked2.automatic,
    toolPaths: decision.drafts.map(({ from }) => from),
    choice: decision.choice,
    thinking: thinking.thinking,
    outputConfig: config,
    aliases: names.aliases,
    customTools: customNames(declared),
    usesJsonTool: format.toolSchema !== void 0,
    isEphemeral: decision.weakened !== void 0,
    isBestEffortJson: format.instruction !== void 0
  };
}
function decide(context, declared, conversation, { thinking }, format) {
  const decision = decideToolChoice(context, declared, thinking?.type === "enabled");
  const named4 = declared.length > 0 ? decision : placeholders(conversation, decision);
  if (!format.toolSchema) return named4;
  const thinks = thinking?.type === "enabled" || thinking?.type === "adaptive";
  return jsonTool(context, named4, format.toolSchema, declared.length > 0, thinks);
}
function placeholders({ calledTools }, decision) {
  if (calledTools.size === 0) return decision;
  const drafts = [...calledTools].map((name) => {
    const tool2 = { name, description: "Not available in this turn.", input_schema: { type: "object" } };
    return { kind: "function", name, tool: tool2, strict: false, from: "tools" };
  });
  return { choice: { type: "none" }, drafts, weakened: void 0 };
}
function helpfulStrict(context, { weakened, drafts }, { replaysThinking }) {
  if (!weakened || replaysThinking && context.model.boundThinking) return /* @__PURE__ */ new Set();
  const names = drafts.flatMap(({ kind, tool: tool2 }) => kind === "native" || !tool2.name ? [] : [tool2.name]);
  return new Set(weakened.wireName === void 0 ? names : [weakened.wireName]);
}
function askForCall(turns, { wireName, from }) {
  turns.findLast((turn) => turn.role === "user")?.entries.push(textEntry(forcedCallText(wireName), from));
}
function systemPrompt(system, instruction) {
  const entries = settleMarks(system);
  return instruction === void 0 ? entries : [...entries, textEntry(instruction, "response_format")];
}
function automaticCache(context) {
  const asked = cacheMark(context, { cache_control: nativeField(context, "cache_control") }, "");
  const option = context.options.autoCache ?? false;
  if (asked || option === false) return asked;
  return { type: "ephemeral", ...option !== true && { ttl: option.ttl } };
}
function refuseCitedFormat(context, { turns }, config) {
  if (config?.["format"] === void 0) return;
  const isCited = (block) => {
    if (!isRecord(block)) return false;
    const { citations, content: content2 } = block;
    if (isRecord(citations) && citations["enabled"] === true) return true;
    return Array.isArray(content2) && content2.some(isCited);
  };
  if (turns.some(({ entries }) => entries.some(({ block }) => isCited(block)))) {
    throw refusal(context, "response_format", "unsupported_value", "cannot be combined with citations");
  }
}
function customNames(drafts) {
  return new Set(drafts.flatMap(({ kind, tool: tool2 }) => kind === "custom" && tool2.name ? [tool2.name] : []));
}

// src/providers/anthropic/models/claude-model.ts
function takesSampling(model2) {
  return "FGHI".includes(model2.modelClass);
}

// src/providers/anthropic/encode/sampling.ts
function sampling(context, thinks) {
  const isLegacy = context.options.apiVersion === "2023-06-01" && takesSampling(context.model);
  if (!isLegacy) {
    for (const key of ["temperature", "top_p", "top_k"]) {
      const value = nativeField(context, key);
      const isDefault = value === void 0 || value === 1 && key !== "top_k";
      if (!isDefault) dropped(context, key, "not part of the API for this model and version");
    }
    return {};
  }
  const temperature = legacyTemperature(context, thinks);
  const topP = legacyTopP(context, thinks, temperature !== void 0);
  const topK = legacyTopK(context, thinks);
  return {
    ...temperature !== void 0 && { temperature },
    ...topP !== void 0 && { top_p: topP },
    ...topK !== void 0 && { top_k: topK }
  };
}
function dropped(context, key, why) {
  warn(context, "unsupported_parameter", key, `${why}; not sent`);
}
function legacyTemperature(context, thinks) {
  const { temperature } = context.request;
  if (temperature == null || temperature === 1) return void 0;
  if (temperature < 0) throw refusal(context, "temperature", "invalid_value", "expected 0 to 1");
  if (thinks) return dropped(context, "temperature", "not accepted while thinking is on");
  if (temperature <= 1) return temperature;
  warn(context, "clamped", "temperature", "sent as 1, the highest there is");
  return 1;
}
function legacyTopP(context, thinks, hasTemperature) {
  const { top_p: topP } = context.request;
  if (topP == null || topP === 1) return void 0;
  if (topP < 0 || topP > 1) throw refusal(context, "top_p", "invalid_value", "expected 0 to 1");
  if (hasTemperature) return dropped(context, "top_p", "not accepted together with temperature");
  if (thinks && topP < 0.95) return dropped(context, "top_p", "only 0.95 to 1 while thinking is on");
  return topP;
}
function legacyTopK(context, thinks) {
  const topK = nativeField(context, "top_k");
  if (topK === void 0) return void 0;
  if (typeof topK !== "number" || !Number.isInteger(topK) || topK < 1) {
    throw refusal(context, "top_k", "invalid_value", "expected a whole number of at least 1");
  }
  return thinks ? dropped(context, "top_k", "not accepted while thinking is on") : topK;
}

// src/providers/anthropic/encode/service-tier.ts
var TIERS = {
  auto: {},
  default: { service_tier: "standard_only" },
  standard_only: { service_tier: "standard_only" },
  priority: { service_tier: "auto" },
  fast: { speed: "fast" }
};
function service(context) {
  const tier = nativeField(context, "service_tier");
  const known2 = typeof tier === "string" && Object.hasOwn(TIERS, tier) ? TIERS[tier] : void 0;
  if (tier !== void 0 && known2 === void 0) {
    warn(context, "unsupported_value", "service_tier", "Anthropic has no such tier; not sent");
  }
  const native = nativeField(context, "speed");
  const speed = native ?? known2?.speed;
  const param = native === void 0 ? "service_tier" : "speed";
  return {
    ...known2?.service_tier && { service_tier: known2.service_tier },
    ...speedField(context, speed, param)
  };
}
function speedField(context, speed, param) {
  if (speed === void 0 || speed === "standard" && !context.model.fastMode) return {};
  if ((speed === "fast" || speed === "standard") && context.model.fastMode) {
    requireBeta(context, "field", "speed");
    return { speed };
  }
  warn(context, "unsupported_value", param, "this model has no fast mode; not sent");
  return {};
}

// src/providers/anthropic/encode/index.ts
var MAX_BODY_BYTES = 32 * 1024 * 1024;
function encodeRequest(request, model2, options) {
  const context = createContext(request, targetModel(model2, options), options);
  noticeModel(context, model2);
  checkPlainParams(context);
  const native = nativeFields(context);
  const maxTokens = outputCap(context);
  const prompt = encodePrompt(context, maxTokens);
  const body = assemble(context, maxTokens, prompt, native);
  return {
    body: wellFormedJson(body),
    betas: [...context.betas],
    headers: nativeHeaders(context),
    warnings: context.warnings,
    reading: readingOf(context, prompt),
    blockMap: createBlockMap(prompt.turns, prompt.system, prompt.toolPaths, capPath(request))
  };
}
function assemble(context, maxTokens, prompt, native) {
  const body = {
    model: context.model.id,
    max_tokens: maxTokens,
    messages: prompt.turns.map(messageOf),
    stream: context.options.stream
  };
  const type = prompt.thinking?.type;
  if (prompt.system.length > 0) body["system"] = prompt.system.map(({ block }) => block);
  if (prompt.tools.length > 0) body["tools"] = prompt.tools;
  add(body, {
    tool_choice: prompt.choice,
    thinking: prompt.thinking,
    output_config: prompt.outputConfig,
    stop_sequences: stopSequences(context),
    metadata: endUser(context),
    cache_control: prompt.automaticCache
  });
  add(body, sampling(context, type === "enabled" || type === "adaptive"));
  add(body, service(context));
  add(body, native);
  return body;
}
function add(body, fields) {
  for (const [name, value] of Object.entries(fields)) if (value !== void 0) body[name] = value;
}
function messageOf({ role, entries }) {
  return { role, content: entries.map(({ block }) => block) };
}
function readingOf(context, prompt) {
  const { functions } = context.request;
  return {
    toolNames: prompt.aliases,
    customTools: prompt.customTools,
    jsonTool: prompt.usesJsonTool,
    legacyFunctions: Array.isArray(functions) && functions.length > 0,
    ephemeralPrompt: prompt.isEphemeral,
    exposeReasoning: exposesReasoning(context),
    // Only who wants no stream can be given an answer without its fence: it is held back to the end.
    jsonFence: prompt.isBestEffortJson && context.request.stream !== true
  };
}

// examples/_enc.ts
var q = { model: "claude-sonnet-5-5", max_tokens: 1e3, messages: [{ role: "user", content: "Tell me about the sea." }] };
var req = parseRequest(q, false);
var model = resolveClaudeModel("claude-sonnet-5-5");
var opts = { provider: "anthropic", stream: false, strict: false, retiredModels: "warn" };
for (let r = 0; r < 6; r++) {
  const t = process.cpuUsage();
  for (let i = 0; i < 6e4; i++) encodeRequest(req, model, opts);
  const d = process.cpuUsage(t);
  console.log(((d.user + d.system) / 6e4).toFixed(2));
}
