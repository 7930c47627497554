// src/errors/policy.ts
var row = (retry2, failover, breaker2, status) => ({ retry: retry2, failover, breaker: breaker2, status });
var policy = {
  invalid_request: row(false, false, "none", 400),
  request_too_large: row(false, false, "none", 413),
  context_overflow: row(false, "larger_window", "none", 400),
  content_filtered: row(false, false, "none", 400),
  authentication: row(false, true, "key_out", 502),
  permission: row(false, true, "key_out", 502),
  quota_exhausted: row(false, true, "key_out", 503),
  model_not_found: row(false, true, "none", 404),
  rate_limited: row(true, true, "cooldown", 429),
  overloaded: row(true, true, "failure", 503),
  server_error: row(true, true, "failure", 502),
  conflict: row(true, true, "none", 409),
  connection: row(true, true, "failure", 502),
  timeout: row(true, true, "failure", 504),
  stream_truncated: row(true, true, "failure", 502),
  bad_response: row(false, true, "failure", 502),
  redirect: row(false, true, "failure", 502),
  circuit_open: row(false, true, "none", 503),
  limit_exceeded: row(false, "provider_scope", "none", 429),
  queue_full: row(false, "provider_scope", "none", 429),
  queue_timeout: row(false, "provider_scope", "none", 429),
  budget_exceeded: row(false, false, "none", 429),
  deadline_exceeded: row(false, false, "none", 504),
  no_route: row(false, false, "none", 404),
  failover_exhausted: row(false, false, "none", 502),
  config_invalid: row(false, false, "none", 500),
  pool_closed: row(false, false, "none", 503),
  cancelled: row(false, false, "none", 499)
};

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
function annotate(error, facts) {
  const { partial, ...plain } = facts;
  assignDefined(error, plain);
  if (partial) Object.defineProperty(error, "partial", { get: () => partial, configurable: true });
  return error;
}
function assignDefined(target, values) {
  for (const [key, value] of Object.entries(values)) {
    if (value !== void 0)
      Object.defineProperty(target, key, { value, enumerable: true, configurable: true });
  }
}

// src/errors/failover-error.ts
var FailoverError = class extends RunestoneError {
  name = "FailoverError";
  code = "failover_exhausted";
  errors;
  constructor(errors) {
    const told = errors.map((error) => `${error.provider ?? "pool"} ${error.code}`).join(", ");
    super(`all ${errors.length} targets failed (${told}); see \`errors\` for each`, {
      retryAfterMs: soonest(errors),
      cause: errors.at(-1)
    });
    this.errors = errors;
  }
  /** Speaks with the words of the parts when they agree, and of an exhausted pool when they do not. */
  toOpenAI() {
    const [first] = this.errors;
    const agree = first !== void 0 && this.errors.every((error2) => error2.code === first.code);
    const { error } = agree ? first.toOpenAI() : super.toOpenAI();
    return { error: { ...error, message: this.message } };
  }
};
function soonest(errors) {
  const waits = errors.map((error) => error.retryAfterMs).filter((wait) => wait !== void 0);
  return waits.length > 0 ? Math.min(...waits) : void 0;
}

// src/errors/is-runestone-error.ts
function isRunestoneError(error) {
  return typeof error === "object" && error !== null && errorMarker in error;
}
function verdictOf(error) {
  const row2 = policy[error.code];
  return error.retryable === void 0 || error.retryable === row2.retry ? row2 : { ...row2, retry: error.retryable };
}
function isProviderErrorCode(code) {
  return typeof code === "string" && Object.hasOwn(policy, code) && !POOL_ONLY.has(code);
}
var POOL_ONLY = /* @__PURE__ */ new Set([
  "config_invalid",
  "no_route",
  "circuit_open",
  "limit_exceeded",
  "queue_full",
  "queue_timeout",
  "budget_exceeded",
  "deadline_exceeded",
  "failover_exhausted",
  "cancelled",
  "pool_closed"
]);

// src/errors/pool-errors.ts
var ConfigError = class extends RunestoneError {
  name = "ConfigError";
  code = "config_invalid";
};
var InvalidRequestError = class extends RunestoneError {
  name = "InvalidRequestError";
  code = "invalid_request";
};
var NoRouteError = class extends RunestoneError {
  name = "NoRouteError";
  code = "no_route";
};
var CircuitOpenError = class extends RunestoneError {
  name = "CircuitOpenError";
  code = "circuit_open";
};
var DeadlineExceededError = class extends RunestoneError {
  name = "DeadlineExceededError";
  code = "deadline_exceeded";
};
var CancelledError = class extends RunestoneError {
  name = "CancelledError";
  code = "cancelled";
};
var PoolClosedError = class extends RunestoneError {
  name = "PoolClosedError";
  code = "pool_closed";
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
function normalize(request, stream2) {
  const said = Object.entries(request).filter(([, value]) => value !== null && value !== void 0);
  const canonical2 = Object.fromEntries([...said, ["stream", stream2]]);
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
function parseRequest(input, stream2) {
  const copy = copied(input);
  const result = chatRequestSchema.safeParse(copy);
  if (!result.success) throw invalid(result.error.issues.flatMap((issue) => flatten(issue, copy)));
  if (!stream2 && copy["stream"] !== true && isRecord(copy["stream_options"])) {
    throw invalid([
      { path: "stream_options", problem: "is only allowed when streaming", reason: "invalid_value" }
    ]);
  }
  return normalize(copy, stream2);
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
  const listed2 = faults.slice(0, MAX_LISTED).map(({ path, problem }) => path ? `${shown(path)}: ${problem}` : problem);
  const more = faults.length > MAX_LISTED ? `; and ${faults.length - MAX_LISTED} more` : "";
  const [first] = faults;
  return new InvalidRequestError(`invalid request: ${listed2.join("; ")}${more}`, {
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

// src/pipeline/middleware.ts
function compose(wraps, terminal) {
  return wraps.reduceRight((next, wrap) => (context) => wrap(context, next), terminal);
}

// src/usage/usage.ts
var BUCKETS = [
  "inputTokens",
  "cacheReadTokens",
  "cacheWrite5mTokens",
  "cacheWrite1hTokens",
  "outputTokens",
  "reasoningTokens"
];
var usageBuckets = BUCKETS;
function promptTokens(usage) {
  if (usage.inputTokens === void 0) return void 0;
  return usage.inputTokens + (usage.cacheReadTokens ?? 0) + (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0);
}
function tokenCount(value) {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : void 0;
}

// src/usage/openai-usage.ts
function toCompletionUsage(usage) {
  const prompt = promptTokens(usage);
  const completion = usage.outputTokens;
  if (prompt === void 0 || completion === void 0) return void 0;
  const details = {
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0
  };
  if (usage.reasoningTokens !== void 0) details.reasoning_tokens = usage.reasoningTokens;
  const view = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens ?? 0,
      cache_write_tokens: (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0)
    },
    completion_tokens_details: details
  };
  const extras2 = providerSpecific(usage);
  if (extras2) view.provider_specific = extras2;
  return view;
}
function providerSpecific(usage) {
  const { serverTools, billed, providerSpecific: own } = usage;
  if (!serverTools && billed === void 0 && !own) return void 0;
  return {
    ...own,
    ...serverTools && {
      server_tool_use: {
        web_search_requests: serverTools.webSearchRequests ?? 0,
        web_fetch_requests: serverTools.webFetchRequests ?? 0
      }
    },
    ...billed !== void 0 && { billed }
  };
}

// src/chat/reasoning-join.ts
var ReasoningJoin = class {
  #begun = false;
  #blockEnded = false;
  /** The text as it is to be appended: with the break before it, where one belongs. */
  next(text2) {
    if (!text2) return text2;
    const broken = this.#begun && this.#blockEnded;
    this.#begun = true;
    this.#blockEnded = false;
    return broken ? `
${text2}` : text2;
  }
  /** The block is complete; what follows is another one's. */
  endBlock() {
    this.#blockEnded = true;
  }
};

// src/chat/accumulate.ts
var Accumulator = class {
  #head;
  #text = "";
  #refusal = "";
  #reasoning = "";
  #join = new ReasoningJoin();
  #blocks = [];
  #calls = /* @__PURE__ */ new Map();
  #annotations = [];
  #vendor;
  #usage;
  #finish;
  constructor(head2) {
    this.#head = head2;
  }
  get finish() {
    return this.#finish;
  }
  /** True once a chunk would have told the head, which then stands. */
  get #begun() {
    return Boolean(this.#text || this.#refusal || this.#reasoning || this.#blocks.length || this.#calls.size);
  }
  add(batch) {
    for (const event of batch) {
      if (event.type === "text_delta") this.#text += event.text;
      else this.#add(event);
    }
  }
  /** What has arrived so far, for an answer that broke. */
  partial() {
    return {
      content: this.#text,
      ...this.#refusal && { refusal: this.#refusal },
      ...this.#reasoning && { reasoning: this.#reasoning },
      toolCalls: [...this.#calls.values()].map(({ id, name, text: text2 }) => ({ id, name, arguments: text2 }))
    };
  }
  /** The answer. Only to be asked once the stream has ended properly. */
  completion(form, info) {
    const { reason, raw } = this.#finish ?? { reason: "stop", raw: void 0 };
    const { id, created, model: model2 } = this.#head;
    const choice = {
      index: 0,
      message: this.#message(form),
      finish_reason: form.legacyFunctions && reason === "tool_calls" ? "function_call" : reason,
      logprobs: null
    };
    if (raw !== void 0) choice.native_finish_reason = raw;
    const answer = {
      id,
      object: "chat.completion",
      created,
      model: model2,
      choices: [choice],
      runestone: info
    };
    const usage = this.#usage && toCompletionUsage(this.#usage);
    if (usage) answer.usage = usage;
    return answer;
  }
  #add(event) {
    switch (event.type) {
      case "start":
        if (!this.#begun) this.#head = { id: event.id, model: event.model, created: event.created };
        break;
      case "refusal_delta":
        this.#refusal += event.text;
        break;
      case "reasoning_delta":
        this.#reasoning += this.#join.next(event.text);
        break;
      case "thinking_block":
        this.#blocks.push(event.block);
        this.#join.endBlock();
        break;
      case "tool_call_start":
        this.#calls.set(event.index, { id: event.id, name: event.name, custom: false, text: "" });
        break;
      case "custom_tool_call":
        this.#calls.set(event.index, { id: event.id, name: event.name, custom: true, text: event.input });
        break;
      case "tool_call_delta": {
        const call = this.#calls.get(event.index);
        if (call) call.text += event.arguments;
        break;
      }
      default:
        this.#addEnding(event);
    }
  }
  /** What usually comes last. */
  #addEnding(event) {
    switch (event.type) {
      case "usage":
        this.#usage = event.usage;
        break;
      case "annotations":
        if (event.annotations.length > 0) this.#annotations = event.annotations;
        break;
      case "vendor":
        this.#vendor ??= {};
        this.#vendor[event.provider] = event.data;
        break;
      case "finish":
        this.#finish = { reason: event.reason, raw: event.raw };
        break;
    }
  }
  #message(form) {
    const calls = [...this.#calls.values()];
    const [first] = calls;
    const message2 = {
      role: "assistant",
      // RES-5: an empty answer is "", the mere absence of text beside a call or refusal is null.
      content: this.#text || (first || this.#refusal ? null : ""),
      refusal: this.#refusal || null
    };
    if (first && form.legacyFunctions) message2.function_call = { name: first.name, arguments: first.text };
    else if (first) message2.tool_calls = calls.map(toToolCall);
    if (this.#annotations.length > 0) message2.annotations = [...this.#annotations];
    if (this.#reasoning) message2.reasoning_content = this.#reasoning;
    if (this.#blocks.length > 0) message2.thinking_blocks = this.#blocks;
    if (this.#vendor) message2.provider_specific_fields = this.#vendor;
    return message2;
  }
};
function toToolCall({ id, name, custom: custom2, text: text2 }) {
  return custom2 ? { id, type: "custom", custom: { name, input: text2 } } : { id, type: "function", function: { name, arguments: text2 } };
}

// src/chat/events.ts
function isCommitting(event) {
  switch (event.type) {
    case "text_delta":
    case "refusal_delta":
    case "reasoning_delta":
      return event.text.length > 0;
    case "tool_call_start":
    case "custom_tool_call":
      return true;
    default:
      return false;
  }
}
function commits(batch) {
  for (const event of batch) if (isCommitting(event)) return true;
  return false;
}

// src/pipeline/open-stream.ts
var OpenedStream = class {
  #held;
  #rest;
  constructor(held, rest) {
    this.#held = held;
    this.#rest = rest;
  }
  /** Batches that are there already: so many pulls do not reach the layers below. */
  get held() {
    return this.#held.length;
  }
  next() {
    const value = this.#held.shift();
    return value ? Promise.resolve({ value, done: false }) : this.#rest.next();
  }
  async return() {
    this.#held.length = 0;
    await this.#rest.return?.();
    return { value: void 0, done: true };
  }
  [Symbol.asyncIterator]() {
    return this;
  }
};
async function openStream(source, whole = false) {
  const rest = source[Symbol.asyncIterator]();
  const held = [];
  try {
    for (; ; ) {
      const { value, done } = await rest.next();
      if (done) return new OpenedStream(held, rest);
      held.push(value);
      if (!whole && commits(value)) return new OpenedStream(held, rest);
    }
  } catch (error) {
    if (isRunestoneError(error) && held.some(commits)) annotate(error, { partial: partialOf(held) });
    throw error;
  }
}
function partialOf(held) {
  const answer = new Accumulator({ id: "", model: "", created: 0 });
  for (const batch of held) answer.add(batch);
  return answer.partial();
}

// src/pricing/data.ts
var anthropic = { provider: "anthropic", asOf: "2026-11-22", batchFactor: 0.5, webSearchUsdPerThousand: 10, webFetchUsdPerThousand: 0 };
var priceRows = [
  { ...anthropic, model: "claude-fable-5-2", usdPerMTok: { input: 8, output: 40, cacheRead: 0.2, cacheWrite5m: 10, cacheWrite1h: 16 }, usFactor: 1.1, source: "public copies of the pricing page (release of 2026-11), pi-ai 1.5.2; official row itself not seen", confidence: "high" },
  { ...anthropic, model: "claude-mythos-5-2", usdPerMTok: { input: 8, output: 40, cacheRead: 0.2, cacheWrite5m: 10, cacheWrite1h: 16 }, usFactor: 1.1, source: "assumed equal to claude-fable-5-2, as Mythos 5 and 5.1 equalled Fable 5 and 5.1; no source seen", confidence: "unverified" },
  { ...anthropic, model: "claude-haiku-5-5", usdPerMTok: { input: 0.1, output: 0.5, cacheRead: 0.01, cacheWrite5m: 0.125, cacheWrite1h: 0.2 }, longContext: { overTokens: 1e5, usdPerMTok: { input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite5m: 0.625, cacheWrite1h: 1 } }, usFactor: 1.1, source: "official model page (copy of October 2026), pi-ai 1.5.2", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-5-5", until: "2026-10-07", usdPerMTok: { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 }, usFactor: 1.1, source: "public copies of the pricing page (2026-09-28: cache read 0.20; 2026-10-08: 0.10), pi-ai 1.5.2", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-5-5", from: "2026-10-07", usdPerMTok: { input: 2, output: 10, cacheRead: 0.1, cacheWrite5m: 2.5, cacheWrite1h: 4 }, usFactor: 1.1, source: "public copies of the pricing page (2026-09-28: cache read 0.20; 2026-10-08: 0.10), pi-ai 1.5.2", confidence: "high" },
  { ...anthropic, model: "claude-opus-5-5", usdPerMTok: { input: 4, output: 20, cacheRead: 0.2, cacheWrite5m: 5, cacheWrite1h: 8 }, fastUsdPerMTok: { input: 8, output: 40, cacheRead: 0.4, cacheWrite5m: 10, cacheWrite1h: 16 }, usFactor: 1.1, source: "public copies of the pricing page (2026-10-09), genai-prices 0.1.8, pi-ai 1.5.2", confidence: "high" },
  { ...anthropic, model: "claude-fable-5-1", usdPerMTok: { input: 10, output: 50, cacheRead: 0.25, cacheWrite5m: 12.5, cacheWrite1h: 20 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-mythos-5-1", usdPerMTok: { input: 10, output: 50, cacheRead: 0.25, cacheWrite5m: 12.5, cacheWrite1h: 20 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-fable-5", usdPerMTok: { input: 10, output: 50, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-mythos-5", usdPerMTok: { input: 10, output: 50, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-5", usdPerMTok: { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }, fastUsdPerMTok: { input: 10, output: 50, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-5", usdPerMTok: { input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4 }, usFactor: 1.1, source: "genai-prices 0.1.8, models.dev, LiteLLM, pi-ai 1.5.2; the rise to 3/15 announced for 2026-09-01 was cancelled", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-8", usdPerMTok: { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }, fastUsdPerMTok: { input: 10, output: 50, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-7", usdPerMTok: { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }, fastUsdPerMTok: { input: 30, output: 150, cacheRead: 3, cacheWrite5m: 37.5, cacheWrite1h: 60 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-6", until: "2026-03-13", usdPerMTok: { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }, longContext: { overTokens: 2e5, usdPerMTok: { input: 10, output: 37.5, cacheRead: 1, cacheWrite5m: 12.5, cacheWrite1h: 20 } }, fastUsdPerMTok: { input: 30, output: 150, cacheRead: 3, cacheWrite5m: 37.5, cacheWrite1h: 60 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-6", from: "2026-03-13", usdPerMTok: { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }, fastUsdPerMTok: { input: 30, output: 150, cacheRead: 3, cacheWrite5m: 37.5, cacheWrite1h: 60 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-4-6", until: "2026-03-13", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, longContext: { overTokens: 2e5, usdPerMTok: { input: 6, output: 22.5, cacheRead: 0.6, cacheWrite5m: 7.5, cacheWrite1h: 12 } }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-4-6", from: "2026-03-13", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, usFactor: 1.1, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-haiku-4-5", aliases: ["claude-haiku-4-5-20251001"], usdPerMTok: { input: 1, output: 5, cacheRead: 0.1, cacheWrite5m: 1.25, cacheWrite1h: 2 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-5", aliases: ["claude-opus-4-5-20251101"], usdPerMTok: { input: 5, output: 25, cacheRead: 0.5, cacheWrite5m: 6.25, cacheWrite1h: 10 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-4-5", aliases: ["claude-sonnet-4-5-20250929"], until: "2026-04-30", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, longContext: { overTokens: 2e5, usdPerMTok: { input: 6, output: 22.5, cacheRead: 0.6, cacheWrite5m: 7.5, cacheWrite1h: 12 } }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-4-5", aliases: ["claude-sonnet-4-5-20250929"], from: "2026-04-30", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-1", aliases: ["claude-opus-4-1-20250805"], usdPerMTok: { input: 15, output: 75, cacheRead: 1.5, cacheWrite5m: 18.75, cacheWrite1h: 30 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-opus-4-0", aliases: ["claude-opus-4-20250514", "claude-opus-4"], usdPerMTok: { input: 15, output: 75, cacheRead: 1.5, cacheWrite5m: 18.75, cacheWrite1h: 30 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-4-0", aliases: ["claude-sonnet-4-20250514", "claude-sonnet-4"], until: "2026-04-30", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, longContext: { overTokens: 2e5, usdPerMTok: { input: 6, output: 22.5, cacheRead: 0.6, cacheWrite5m: 7.5, cacheWrite1h: 12 } }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-sonnet-4-0", aliases: ["claude-sonnet-4-20250514", "claude-sonnet-4"], from: "2026-04-30", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-3-7-sonnet-20250219", aliases: ["claude-3-7-sonnet-latest", "claude-3-7-sonnet"], usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-3-5-sonnet-20241022", aliases: ["claude-3-5-sonnet-latest", "claude-3-5-sonnet", "claude-3.5-sonnet"], usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, source: "pricing page (copy of 2025), genai-prices 0.1.8, models.dev", confidence: "high" },
  { ...anthropic, model: "claude-3-5-sonnet-20240620", usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, source: "pricing page (copy of 2025), genai-prices 0.1.8, models.dev", confidence: "high" },
  { ...anthropic, model: "claude-3-5-haiku-20241022", aliases: ["claude-3-5-haiku-latest", "claude-3-5-haiku", "claude-3.5-haiku"], usdPerMTok: { input: 0.8, output: 4, cacheRead: 0.08, cacheWrite5m: 1, cacheWrite1h: 1.6 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-3-opus-20240229", aliases: ["claude-3-opus-latest", "claude-3-opus"], usdPerMTok: { input: 15, output: 75, cacheRead: 1.5, cacheWrite5m: 18.75, cacheWrite1h: 30 }, source: "https://platform.claude.com/docs/en/about-claude/pricing", confidence: "high" },
  { ...anthropic, model: "claude-3-sonnet-20240229", aliases: ["claude-3-sonnet"], usdPerMTok: { input: 3, output: 15, cacheRead: 0.3, cacheWrite5m: 3.75, cacheWrite1h: 6 }, source: "genai-prices 0.1.8", confidence: "medium" },
  { ...anthropic, model: "claude-3-haiku-20240307", aliases: ["claude-3-haiku"], usdPerMTok: { input: 0.25, output: 1.25, cacheRead: 0.03, cacheWrite5m: 0.3, cacheWrite1h: 0.5 }, source: "https://platform.claude.com/docs/en/about-claude/pricing; the 5m write is 0.30, not 1.25 x input", confidence: "high" }
];

// src/pricing/model-price.ts
var DAY_MS = 864e5;
var PICO_PER_TOKEN = 1e6;
var PICO_PER_CALL = 1e9;
function toModelPrice(rows) {
  const newest2 = rows.at(-1) ?? rows[0];
  return {
    names: [newest2.model, ...newest2.aliases ?? []],
    periods: rows.map(toPeriod).reverse(),
    source: newest2.source,
    asOf: newest2.asOf
  };
}
function toPeriod(row2) {
  const { longContext: tier, fastUsdPerMTok: fast } = row2;
  return {
    fromDay: row2.from === void 0 ? Number.NEGATIVE_INFINITY : Date.parse(row2.from) / DAY_MS,
    untilDay: row2.until === void 0 ? Number.POSITIVE_INFINITY : Date.parse(row2.until) / DAY_MS,
    standard: toPico(row2.usdPerMTok),
    longContext: tier && { overTokens: tier.overTokens, rates: toPico(tier.usdPerMTok) },
    fast: fast && toPico(fast),
    batchFactor: row2.batchFactor,
    usFactor: row2.usFactor,
    webSearchPico: scale(row2.webSearchUsdPerThousand, PICO_PER_CALL),
    webFetchPico: scale(row2.webFetchUsdPerThousand, PICO_PER_CALL)
  };
}
function periodAt(price, atMs) {
  const day = Math.floor(atMs / DAY_MS);
  return price.periods.find((period) => day >= period.fromDay && day < period.untilDay);
}
function toPico(usd2) {
  return {
    input: Math.round(usd2.input * PICO_PER_TOKEN),
    output: Math.round(usd2.output * PICO_PER_TOKEN),
    cacheRead: scale(usd2.cacheRead, PICO_PER_TOKEN),
    cacheWrite5m: scale(usd2.cacheWrite5m, PICO_PER_TOKEN),
    cacheWrite1h: scale(usd2.cacheWrite1h, PICO_PER_TOKEN)
  };
}
function scale(usd2, pico) {
  return usd2 === void 0 ? void 0 : Math.round(usd2 * pico);
}

// src/pricing/price-overrides.ts
function overridePrice(key, override) {
  const { inputUsdPerMTok: input, outputUsdPerMTok: output, ...rest } = override;
  for (const [name, value] of Object.entries({
    inputUsdPerMTok: input,
    outputUsdPerMTok: output,
    ...stated(rest)
  })) {
    if (!(Number.isFinite(value) && value >= 0 && value <= MAX_USD)) {
      throw new ConfigError(`cost.prices['${key}'].${name}: must be a number from 0 to ${MAX_USD}`);
    }
  }
  const usdPerMTok = {
    input,
    output,
    ...stated({
      cacheRead: rest.cacheReadUsdPerMTok,
      cacheWrite5m: rest.cacheWrite5mUsdPerMTok,
      cacheWrite1h: rest.cacheWrite1hUsdPerMTok
    })
  };
  return { names: [key], periods: [toPeriod({ ...rest, usdPerMTok })], source: "override", asOf: void 0 };
}
var MAX_USD = 1e6;
function stated(rates) {
  return Object.fromEntries(
    Object.entries(rates).filter((entry) => entry[1] !== void 0)
  );
}

// src/pricing/price-table.ts
var PriceTable = class {
  #byProvider = /* @__PURE__ */ new Map();
  /** Overrides by bare model id, for whatever provider serves it. */
  #anywhere;
  /**
   * @param overrides - prices of the caller's own, by `provider/model` or by bare model id
   * @param rows - the bundled rows; those of one model stand together, in order of time
   * @throws ConfigError when an override's rate is not a number of at least 0
   */
  constructor(overrides = {}, rows = priceRows) {
    const own = new Map(Object.entries(overrides).map(([key, rates]) => [key, overridePrice(key, rates)]));
    this.#anywhere = own;
    for (const [key, price] of own) {
      const slash = key.indexOf("/");
      if (slash > 0) this.#put(key.slice(0, slash), key.slice(slash + 1), price);
    }
    for (const [provider2, bundled] of bundle(rows)) {
      for (const name of bundled.names) this.#put(provider2, name, choose(own, provider2, name, bundled));
    }
  }
  /**
   * @param provider - the provider's name, or its kind
   * @param model - an id as it goes upstream, or as upstream names itself
   */
  find(provider2, model2) {
    return this.#byProvider.get(provider2)?.get(model2) ?? this.#anywhere.get(model2);
  }
  #put(provider2, model2, price) {
    const models = this.#byProvider.get(provider2);
    if (models) models.set(model2, price);
    else this.#byProvider.set(provider2, /* @__PURE__ */ new Map([[model2, price]]));
  }
};
function choose(own, provider2, name, bundled) {
  const keys = [name, ...bundled.names].flatMap((each) => [`${provider2}/${each}`, each]);
  const key = keys.find((each) => own.has(each));
  return key !== void 0 && own.get(key) || bundled;
}
function bundle(rows) {
  const models = /* @__PURE__ */ new Map();
  for (const row2 of rows) {
    const key = `${row2.provider}/${row2.model}`;
    const earlier = models.get(key);
    if (earlier) earlier.push(row2);
    else models.set(key, [row2]);
  }
  return [...models.values()].map((periods) => [periods[0].provider, toModelPrice(periods)]);
}

// src/routing/priority.ts
function priority() {
  return {
    name: "priority",
    order: (candidates2) => [...candidates2].sort((a, b) => a.tier - b.tier)
  };
}

// src/routing/resolve.ts
var MAX_REMEMBERED = 1e3;
var Router = class {
  #providers;
  #aliases;
  #defaultModel;
  #remembered = /* @__PURE__ */ new Map();
  /** @throws ConfigError when an alias names a provider that is not there */
  constructor({ providers, models = {}, defaultModel }) {
    this.#providers = new Map(providers.map((provider2) => [provider2.name, provider2]));
    this.#aliases = new Map(
      Object.entries(models).map(([alias, routes]) => [
        alias,
        routes.flatMap((route, index) => this.#fromRoute(route, `models.${alias}[${index}]`))
      ])
    );
    this.#defaultModel = defaultModel;
  }
  /**
   * All candidates for a name, in declared order; never empty.
   *
   * @param name - `undefined` for the default model
   * @param pinned - keeps only this provider
   * @throws NoRouteError when nobody serves it
   */
  candidates(name, pinned) {
    const key = `${pinned ?? ""}
${name ?? ""}`;
    const known2 = this.#remembered.get(key);
    if (known2) return known2;
    const found = pinned === void 0 ? this.#resolve(name) : this.#resolvePinned(name, pinned);
    if (found.length === 0) {
      throw this.#noRoute(pinned === void 0 ? name ?? this.#defaultModel : name, pinned);
    }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
    this.#remembered.set(key, found);
    return found;
  }
  #resolve(name) {
    if (name === void 0) {
      if (this.#defaultModel !== void 0) return this.#resolve(this.#defaultModel);
      for (const provider3 of this.#providers.values()) {
        if (provider3.defaultModel !== void 0) return served(provider3, provider3.defaultModel);
      }
      return [];
    }
    const alias = this.#aliases.get(name);
    if (alias) return alias;
    const [provider2, model2] = this.#split(name);
    if (provider2 && model2) return served(provider2, model2);
    return [...this.#providers.values()].flatMap((each) => lists(each, name) ? served(each, name) : []);
  }
  #resolvePinned(name, pinned) {
    const provider2 = this.#providers.get(pinned);
    if (!provider2) return [];
    const wanted = name ?? provider2.defaultModel;
    if (wanted === void 0) return [];
    const alias = this.#aliases.get(wanted);
    if (alias) return alias.filter(({ target }) => target.provider === provider2);
    const [named4, model2] = this.#split(wanted);
    return named4 && model2 ? named4 === provider2 ? served(provider2, model2) : [] : served(provider2, wanted);
  }
  #split(name) {
    const slash = name.indexOf("/");
    const provider2 = slash > 0 ? this.#providers.get(name.slice(0, slash)) : void 0;
    return provider2 && slash < name.length - 1 ? [provider2, name.slice(slash + 1)] : [];
  }
  #fromRoute(route, path) {
    const { target, tier = 0, weight = 1 } = typeof route === "string" ? { target: route } : route;
    const [provider2, model2] = this.#split(target);
    if (!provider2 || !model2) {
      const named4 = target.split("/")[0];
      throw new ConfigError(
        `${path}: no provider is named "${named4}" (have: ${this.#names()}); write \`provider/model\``
      );
    }
    return served(provider2, model2).map((candidate) => ({ ...candidate, tier, weight }));
  }
  #noRoute(name, pinned) {
    if (pinned !== void 0 && !this.#providers.has(pinned)) {
      return new NoRouteError(`no provider is named "${pinned}" (have: ${this.#names()})`, {
        param: "provider"
      });
    }
    const details = { param: "model", model: name };
    if (name === void 0) {
      return new NoRouteError(
        "the request names no model and the pool has no default; set `model` or `defaultModel`",
        details
      );
    }
    const aliases = [...this.#aliases.keys()].join(", ") || "none";
    return new NoRouteError(
      `nobody serves the model "${name}"; use \`provider/model\` (providers: ${this.#names()}) or an alias (${aliases})`,
      details
    );
  }
  #names() {
    return [...this.#providers.keys()].join(", ");
  }
};
function lists(provider2, name) {
  return provider2.resolveModel ? provider2.resolveModel(name) !== void 0 : listed(provider2, name) !== void 0;
}
function listed(provider2, name) {
  return provider2.models?.find(({ id, aliases }) => id === name || aliases?.includes(name))?.id;
}
function served(provider2, name) {
  const model2 = provider2.resolveModel ? provider2.resolveModel(name) : listed(provider2, name) ?? name;
  if (model2 === void 0) return [];
  const spec = provider2.models?.find(({ id }) => id === model2);
  const keys = provider2.keys && provider2.keys.length > 1 ? provider2.keys : [""];
  return keys.map((_, key) => {
    const holder = keys.length > 1 ? `${provider2.name}[${key}]` : provider2.name;
    const target = { provider: provider2, key, model: model2, label: `${holder}/${model2}`, spec };
    return { target, tier: 0, weight: 1 };
  });
}

// src/telemetry/subscription.ts
var PREFIX = "provider.";
function scopeOf(subscription, event) {
  if (subscription === "*" || subscription === event) return { provider: void 0 };
  if (!event.startsWith(PREFIX) || !subscription.startsWith(PREFIX)) return void 0;
  const suffix = event.slice(PREFIX.length - 1);
  if (!subscription.endsWith(suffix)) return void 0;
  const provider2 = subscription.slice(PREFIX.length, -suffix.length);
  return provider2 === "" ? void 0 : { provider: provider2 };
}

// src/telemetry/emitter.ts
var MAX_DEPTH = 32;
var MAX_MESSAGE = 200;
var NOBODY = [];
var Emitter = class {
  /** Replaced, never changed, so that a delivery under way keeps the list it began with. */
  #subscribers = [];
  /** Who hears which event; emptied whenever the subscribers change. */
  #hearers = /* @__PURE__ */ new Map();
  #told = /* @__PURE__ */ new WeakMap();
  #now;
  #depth = 0;
  #failures = 0;
  /** Tells an event. Costs next to nothing while nobody listens; ask `emit.wants` before building a payload. */
  emit = Object.assign(
    (name, payload) => this.#emit(name, payload),
    { wants: (name) => this.#hearersOf(name).length > 0 }
  );
  /** @param now - wall clock, in epoch milliseconds */
  constructor(now = Date.now) {
    this.#now = now;
  }
  /** How often a listener has thrown or rejected, told or not. */
  get listenerFailures() {
    return this.#failures;
  }
  /**
   * Subscribes to one event, to one provider's (`provider.anthropic.request.stop`), or to all (`*`).
   *
   * During a delivery, a new listener hears from the next event on; one that is taken away hears nothing more.
   *
   * @returns a function that ends the subscription; calling it again does nothing
   */
  on(name, listener) {
    const subscriber = { subscription: name, listener, active: true };
    this.#replace([...this.#subscribers, subscriber]);
    return () => {
      subscriber.active = false;
      this.#replace(this.#subscribers.filter((each) => each !== subscriber));
    };
  }
  #replace(subscribers) {
    this.#subscribers = subscribers;
    this.#hearers.clear();
  }
  #hearersOf(name) {
    if (this.#subscribers.length === 0) return NOBODY;
    const known2 = this.#hearers.get(name);
    if (known2) return known2;
    const hearers = this.#subscribers.flatMap((subscriber) => {
      const scope = scopeOf(subscriber.subscription, name);
      return scope ? [{ ...scope, subscriber }] : [];
    });
    this.#hearers.set(name, hearers);
    return hearers;
  }
  #emit(name, payload) {
    const hearers = this.#hearersOf(name);
    if (hearers.length === 0 || this.#depth >= MAX_DEPTH) return;
    const from = "provider" in payload ? payload.provider : void 0;
    let event;
    this.#depth++;
    try {
      for (const { provider: provider2, subscriber } of hearers) {
        if (!subscriber.active || provider2 !== void 0 && provider2 !== from) continue;
        event ??= toEvent(name, payload);
        this.#deliver(subscriber, name, event);
      }
    } finally {
      this.#depth--;
    }
  }
  #deliver({ listener }, name, event) {
    try {
      const returned = listener(event);
      if (typeof returned === "object" && returned !== null && "then" in returned) {
        Promise.resolve(returned).catch((error) => this.#failed(listener, name, error));
      }
    } catch (error) {
      this.#failed(listener, name, error);
    }
  }
  #failed(listener, name, error) {
    this.#failures++;
    if (name === "telemetry.listener_failed" || !this.emit.wants("telemetry.listener_failed")) return;
    const told = this.#told.get(listener) ?? /* @__PURE__ */ new Set();
    if (told.has(name)) return;
    this.#told.set(listener, told.add(name));
    this.emit("telemetry.listener_failed", { at: this.#now(), event: name, message: messageOf(error) });
  }
};
function toEvent(name, payload) {
  const event = Object.isFrozen(payload) ? { ...payload } : payload;
  event.name = name;
  return Object.freeze(event);
}
function messageOf(error) {
  try {
    return (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE);
  } catch {
    return "an error without a readable message";
  }
}

// src/pool/answer.ts
var Answer = class {
  running;
  #opened;
  #onEnd;
  #folded;
  #unhook;
  /** The pull that is out: the layers below take one at a time. */
  #pulling;
  /** Set once the request was ended from outside. */
  #cut;
  #ended = false;
  #failure;
  #waiting = [];
  /** @param onEnd - called once, when the answer is complete, has failed, or was cancelled */
  constructor(running, opened, onEnd) {
    this.running = running;
    this.#opened = opened;
    this.#onEnd = onEnd;
    this.#folded = new Accumulator(running.head);
    this.#unhook = running.context.cancellation.onCancel((reason) => {
      this.#cut = this.#settle(reason);
    });
  }
  /** How it ended; `undefined` before its last event. */
  get finish() {
    return this.#folded.finish;
  }
  /** The next batch; `undefined` at the end. Rejects when the answer breaks, and from then on. */
  async pull() {
    if (this.#cut !== void 0) await this.#cut;
    if (this.#ended) {
      if (this.#failure !== void 0) throw this.#failure;
      return void 0;
    }
    const pulling = this.#next();
    this.#pulling = pulling;
    return pulling;
  }
  /** The whole answer. Reads to the end itself, or waits for whoever does. */
  async completion(readItself) {
    if (readItself) while (await this.pull()) ;
    else if (!this.#ended) await new Promise((resolve) => this.#waiting.push(resolve));
    if (this.#failure !== void 0) throw this.#failure;
    return this.#folded.completion(this.running.form, this.running.info());
  }
  /** Cuts the request upstream. Does nothing once the answer has ended. */
  async cancel() {
    if (!this.#ended) this.running.abort(new CancelledError("the stream was cancelled by its consumer"));
    await this.#cut;
  }
  async #next() {
    const { cancellation } = this.running.context;
    try {
      const { value, done } = await this.#opened.next();
      if (done) {
        if (cancellation.isCancelled) throw cancellation.reason;
        this.#end(void 0);
        return void 0;
      }
      this.#folded.add(value);
      if (this.#folded.finish) {
        while (!(await this.#opened.next()).done) ;
        this.#end(void 0);
      }
      return value;
    } catch (error) {
      this.#end(this.#explain(error));
      throw error;
    }
  }
  /**
   * Ends an answer whose request was ended from outside, also when nobody reads it at that moment. The layers
   * below learn why by being asked once more, after what is held; whoever still goes on then is let go.
   */
  async #settle(reason) {
    try {
      await this.#pulling;
      for (let pulls = this.#opened.held + 1; pulls > 0 && !this.#ended; pulls--) await this.#next();
      if (!this.#ended) await this.#opened.return();
    } catch {
    }
    this.#end(this.#explain(reason));
  }
  #explain(error) {
    return this.running.explain(error, { committed: true, partial: this.#folded.partial() });
  }
  #end(failure) {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#unhook();
    this.#onEnd();
    for (const wake of this.#waiting) wake();
    this.#waiting = [];
  }
};

// src/middleware/breaker.ts
function breakCircuit(memory) {
  return function breakCircuit2({ target, lastTarget, request }) {
    const state = memory.of(target);
    const permit = state.admit(lastTarget);
    if (!permit) {
      const retryAfterMs2 = state.retryAfterMs();
      throw new CircuitOpenError(
        `${target.label}: left alone after repeated failures; next probe in ${Math.ceil(retryAfterMs2 / 1e3)} s`,
        { provider: target.provider.name, model: target.model, retryAfterMs: retryAfterMs2 }
      );
    }
    let committed = false;
    return {
      onBatch(batch) {
        if (committed || !commits(batch)) return;
        committed = true;
        permit.succeed();
      },
      onEnd({ outcome, error }) {
        if (outcome === "ok") permit.succeed();
        else if (outcome === "error" && isRunestoneError(error)) {
          if (!request.apiKey || !concernsKey(error)) permit.fail(error);
        }
        permit.release();
      }
    };
  };
}
function concernsKey(error) {
  const lesson = verdictOf(error).breaker;
  return lesson === "key_out" || lesson === "cooldown";
}

// src/pricing/cost-of.ts
var FREE = { nanoUsd: 0 };
var PLAIN_TIERS = /* @__PURE__ */ new Set(["standard", "default"]);
var PLAIN_REGIONS = /* @__PURE__ */ new Set(["global", "not_available"]);
function costOf(usage, price, when) {
  if (usage?.billed === false) return FREE;
  if (usage === void 0 || price === void 0) return void 0;
  const period = periodAt(price, when.atMs);
  if (period === void 0) return void 0;
  const rates = ratesFor(usage, period);
  const factor = factorFor(usage.modifiers, period);
  if (rates === void 0 || factor === void 0) return void 0;
  return total(linesOf(usage, rates, factor, period));
}
function ratesFor(usage, period) {
  const { longContext } = period;
  const speed = usage.modifiers?.speed ?? "standard";
  const isLong = longContext !== void 0 && (promptTokens(usage) ?? 0) > longContext.overTokens;
  if (speed === "standard") return isLong ? longContext.rates : period.standard;
  return speed === "fast" && !isLong ? period.fast : void 0;
}
function factorFor(modifiers, period) {
  if (modifiers === void 0) return 1;
  const tier = factorOf(modifiers.serviceTier, PLAIN_TIERS, "batch", period.batchFactor);
  const region = factorOf(modifiers.inferenceGeo, PLAIN_REGIONS, "us", period.usFactor);
  return tier === void 0 || region === void 0 ? void 0 : tier * region;
}
function factorOf(word, plain, special, factor) {
  if (word === void 0 || plain.has(word)) return 1;
  return word === special ? factor : void 0;
}
function linesOf(usage, rates, factor, period) {
  const { serverTools } = usage;
  return [
    [usage.inputTokens, times(rates.input, factor)],
    [usage.outputTokens, times(rates.output, factor)],
    [usage.cacheReadTokens ?? 0, times(rates.cacheRead, factor)],
    [usage.cacheWrite5mTokens ?? 0, times(rates.cacheWrite5m, factor)],
    [usage.cacheWrite1hTokens ?? 0, times(rates.cacheWrite1h, factor)],
    [serverTools?.webSearchRequests ?? 0, period.webSearchPico],
    [serverTools?.webFetchRequests ?? 0, period.webFetchPico]
  ];
}
function times(rate, factor) {
  return rate === void 0 || factor === 1 ? rate : Math.round(rate * factor);
}
function total(lines) {
  let pico = 0;
  for (const [count, picoEach] of lines) {
    const counted = tokenCount(count);
    if (counted === void 0 || counted > 0 && picoEach === void 0) return void 0;
    pico += counted * (picoEach ?? 0);
  }
  return Number.isSafeInteger(pico) ? { nanoUsd: Math.round(pico / 1e3) } : totalBeyondSafe(lines);
}
function totalBeyondSafe(lines) {
  const pico = lines.reduce((sum, [count, each]) => sum + BigInt(count ?? 0) * BigInt(each ?? 0), 0n);
  const nanoUsd = Number((pico + 500n) / 1000n);
  return Number.isSafeInteger(nanoUsd) ? { nanoUsd } : void 0;
}

// src/telemetry/frozen-copy.ts
var MAX_DEPTH2 = 12;
function frozenCopy(value, depth = 0) {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH2) return void 0;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => frozenCopy(item, depth + 1)));
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, frozenCopy(member, depth + 1)]);
  return Object.freeze(Object.fromEntries(entries));
}
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

// src/middleware/cost.ts
var CHARS_PER_TOKEN = 4;
var REFUSED = /* @__PURE__ */ new Set([
  "invalid_request",
  "request_too_large",
  "context_overflow",
  "authentication",
  "permission",
  "quota_exhausted",
  "model_not_found",
  "rate_limited",
  "overloaded",
  "conflict",
  "redirect"
]);
function recordCost(prices, { emit, epochMs }) {
  return function recordCost2(attempt) {
    return {
      onEnd(ending) {
        const { tally } = attempt;
        settle(tally, ending, (usage) => {
          return costOf(usage, priceOf(attempt, prices), { atMs: epochMs() })?.nanoUsd;
        });
        if (!emit.wants("cost.recorded")) return;
        emit("cost.recorded", {
          requestId: attempt.request.requestId,
          at: epochMs(),
          provider: attempt.target.provider.name,
          model: attempt.target.model,
          target: attempt.target.label,
          attempt: attempt.attempt,
          outcome: ending.outcome,
          usage: tally.usage,
          costUsd: tally.costUsd,
          precision: tally.precision
        });
      }
    };
  };
}
function priceOf({ target, tally }, prices) {
  const { name, module = name } = target.provider;
  const model2 = tally.servedModel ?? target.model;
  return prices.find(name, model2) ?? prices.find(module, model2);
}
function settle(tally, ending, nanoUsdOf) {
  if (!tally.usage && wasRefused(ending)) {
    tally.costUsd = 0;
    tally.precision = "reported";
    return;
  }
  if (tally.usage) tally.usage = frozenCopy(tally.usage);
  const complete = ending.outcome === "ok" && tally.usage !== void 0 && tally.usage.outputTokens !== void 0;
  const usage = complete ? tally.usage : estimated(tally);
  const nanoUsd = usage && nanoUsdOf(usage);
  if (nanoUsd === void 0) return;
  tally.costUsd = nanoUsd / 1e9;
  tally.precision = complete ? "reported" : "estimated";
}
function wasRefused({ error }) {
  if (!isRunestoneError(error)) return false;
  const refusedByHost = error.status !== void 0 && REFUSED.has(error.code);
  const neverSent = error.phase === "connect" || error.code === "connection" && error.retryable === false;
  return refusedByHost || neverSent;
}
function estimated({ usage, outputChars }) {
  if (!usage || promptTokens(usage) === void 0) return void 0;
  const counted = Math.ceil(outputChars / CHARS_PER_TOKEN);
  return { ...usage, outputTokens: Math.max(usage.outputTokens ?? 0, counted) };
}

// src/pipeline/quotation.ts
var QUOTE_LENGTH = 16;
var BLOCK_LENGTH = QUOTE_LENGTH / 2;
var SHORTEST_TEXT = 8;
var PROTOCOL_KEYS = /* @__PURE__ */ new Set([
  "role",
  "type",
  "id",
  "tool_call_id",
  "detail",
  "media_type"
]);
function withoutPrompt(message2, request) {
  const quoted = new Array(message2.length).fill(false);
  const blocks = placesOf(message2, BLOCK_LENGTH);
  const windows = placesOf(message2, QUOTE_LENGTH);
  for (const text2 of promptTexts(request.messages)) {
    if (text2.length >= QUOTE_LENGTH) {
      for (const at2 of sharedPlaces(text2, blocks, windows)) quoted.fill(true, at2, at2 + QUOTE_LENGTH);
    } else if (text2.length >= SHORTEST_TEXT) {
      for (let at2 = message2.indexOf(text2); at2 >= 0; at2 = message2.indexOf(text2, at2 + 1)) {
        quoted.fill(true, at2, at2 + text2.length);
      }
    }
  }
  return masked(message2, quoted);
}
function placesOf(message2, length) {
  const places = /* @__PURE__ */ new Map();
  for (let at2 = 0; at2 + length <= message2.length; at2++) {
    const piece = message2.slice(at2, at2 + length);
    const known2 = places.get(piece);
    if (known2) known2.push(at2);
    else places.set(piece, [at2]);
  }
  return places;
}
function* sharedPlaces(text2, blocks, windows) {
  for (let at2 = 0; at2 + BLOCK_LENGTH <= text2.length; at2 += BLOCK_LENGTH) {
    if (!blocks.has(text2.slice(at2, at2 + BLOCK_LENGTH))) continue;
    for (let from = Math.max(0, at2 - BLOCK_LENGTH); from <= at2; from++) {
      const window = text2.slice(from, from + QUOTE_LENGTH);
      yield* windows.get(window) ?? [];
      windows.delete(window);
    }
  }
}
function masked(message2, quoted) {
  let result = "";
  for (let at2 = 0; at2 < message2.length; at2++) {
    if (!quoted[at2]) result += message2[at2];
    else if (!quoted[at2 - 1]) result += "[\u2026]";
  }
  return result;
}
function* promptTexts(value) {
  if (typeof value === "string") yield value;
  else if (Array.isArray(value)) for (const item of value) yield* promptTexts(item);
  else if (isRecord(value)) {
    for (const key of Object.keys(value)) if (!PROTOCOL_KEYS.has(key)) yield* promptTexts(value[key]);
  }
}

// src/pipeline/guard.ts
function toBatch(item) {
  return "type" in item ? [item] : item;
}
function upToFinish(batch) {
  for (let index = 0; index < batch.length; index++) {
    if (batch[index]?.type === "finish") {
      return { batch: index === batch.length - 1 ? batch : batch.slice(0, index + 1), finished: true };
    }
  }
  return { batch, finished: false };
}
function truncated({ provider: provider2, model: model2 }) {
  return new ProviderError({
    provider: provider2.name,
    model: model2,
    code: "stream_truncated",
    message: "the stream ended before the answer was complete"
  });
}
function toHouseError(error, target, request) {
  if (!isRunestoneError(error)) return foreign(error, target);
  const message2 = withoutPrompt(error.message, request);
  return error.name === "ProviderError" && message2 !== error.message ? new ProviderError({ ...error, message: message2, cause: error.cause }) : error;
}
function foreign(error, { provider: provider2, model: model2 }) {
  const claimed = isRecord(error) ? error["code"] : void 0;
  return new ProviderError({
    provider: provider2.name,
    model: model2,
    code: isProviderErrorCode(claimed) ? claimed : "bad_response",
    message: `the provider failed with ${nameOf(error)}`,
    retryable: false
  });
}
function nameOf(error) {
  return error instanceof Error ? error.name : `a ${typeof error} that is no Error`;
}

// src/resilience/timing.ts
var MAX_TIMER_MS = 2 ** 31 - 1;
function timerDelay(delayMs) {
  return Math.min(Math.ceil(delayMs), MAX_TIMER_MS);
}
function sleep(delayMs, signal) {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    if (delayMs <= 0) return resolve();
    const onAbort = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    }, timerDelay(delayMs));
    signal.addEventListener("abort", onAbort);
  });
}

// src/resilience/stream-timer.ts
var NEVER = Number.POSITIVE_INFINITY;
var StreamTimer = class {
  #nowMs;
  /** Of the pull that somebody waits for; `undefined` between pulls. */
  #resolve;
  #reject;
  #onExpire = () => void 0;
  #deadlineMs = NEVER;
  #timer;
  /** The turn of grace that a due timer gives the event loop. */
  #grace;
  /** When the running timer fires; `Infinity` while none runs. */
  #timerDueMs = NEVER;
  #aborted;
  #closed = false;
  constructor(nowMs) {
    this.#nowMs = nowMs;
  }
  /**
   * Settles as `pending` does, unless the deadline or `abort` comes first.
   *
   * @param deadlineMs - on the monotonic clock; `undefined` is none
   * @param onExpire - makes the error to reject with; called at most once
   * @returns rejects with the reason of an `abort`, earlier or later. What `pending` does after that is ignored.
   */
  race(pending, deadlineMs, onExpire) {
    if (this.#closed) return pending;
    return new Promise((resolve, reject) => {
      if (this.#aborted) reject(this.#aborted.reason);
      else {
        this.#resolve = resolve;
        this.#reject = reject;
        this.#onExpire = onExpire;
        this.#deadlineMs = deadlineMs ?? NEVER;
        this.#arm();
      }
      pending.then(this.#onValue, this.#onError);
    });
  }
  /** The request has ended: whoever waits is told at once, whoever comes later too. */
  abort(reason) {
    if (this.#closed) return;
    this.#aborted ??= { reason };
    this.#disarm();
    this.#onError(reason);
  }
  /** Lets go of the timer. A pull still waiting then settles as its source does. */
  close() {
    this.#closed = true;
    this.#disarm();
  }
  #onValue = (value) => {
    const resolve = this.#resolve;
    this.#resolve = void 0;
    this.#reject = void 0;
    resolve?.(value);
  };
  #onError = (error) => {
    const reject = this.#reject;
    this.#resolve = void 0;
    this.#reject = void 0;
    reject?.(error);
  };
  /** A timer that fires too early costs one look at the clock; only one that fires too late must be replaced. */
  #arm() {
    if (this.#deadlineMs >= this.#timerDueMs) return;
    this.#disarm();
    this.#timerDueMs = this.#deadlineMs;
    this.#timer = setTimeout(this.#onTimer, timerDelay(this.#deadlineMs - this.#nowMs()));
  }
  #disarm() {
    clearTimeout(this.#timer);
    clearImmediate(this.#grace);
    this.#timer = void 0;
    this.#grace = void 0;
    this.#timerDueMs = NEVER;
  }
  #onTimer = () => {
    this.#disarm();
    if (!this.#reject) return;
    if (this.#deadlineMs <= this.#nowMs()) this.#grace = setImmediate(this.#judge);
    else this.#arm();
  };
  #judge = () => {
    if (!this.#reject) return;
    if (this.#deadlineMs <= this.#nowMs()) this.#onError(this.#onExpire());
    else this.#arm();
  };
};

// src/middleware/run-provider.ts
function runProvider(timers, nowMs) {
  return async function* runProvider2(attempt) {
    const { request, target, tally } = attempt;
    const { cancellation } = request;
    const upstream = new AbortController();
    const clock = new AttemptClock(attempt, timers, nowMs);
    const timer = new StreamTimer(nowMs);
    const unhook = cancellation.onCancel((reason) => {
      upstream.abort(reason);
      timer.abort(reason);
    });
    let source;
    let finished = false;
    try {
      source = callProvider(attempt, upstream.signal, timers.connectMs);
      while (!cancellation.isCancelled) {
        const { value, done } = await timer.race(source.next(), clock.deadlineMs(), clock.expired);
        if (done) break;
        const read2 = upToFinish(toBatch(value));
        clock.onRead(read2.batch);
        if (read2.batch.length === 0) continue;
        tally.add(read2.batch, nowMs, request.warnings);
        finished = read2.finished;
        yield read2.batch;
        if (finished) return;
        clock.onResume();
      }
      throw cancellation.isCancelled ? cancellation.reason : truncated(target);
    } catch (error) {
      throw cancellation.isCancelled ? cancellation.reason : toHouseError(error, target, request.request);
    } finally {
      unhook();
      timer.close();
      if (!finished) upstream.abort(cancellation.reason ?? new Error("the attempt is over"));
      void letGo(source);
    }
  };
}
function callProvider({ request, target, stream: stream2 }, signal, connectMs) {
  return target.provider.stream({
    request: request.request,
    model: target.model,
    stream: stream2,
    signal,
    requestId: request.requestId,
    key: target.key,
    apiKey: request.apiKey,
    strict: request.strict,
    retiredModels: request.retiredModels,
    connectMs
  })[Symbol.asyncIterator]();
}
async function letGo(source) {
  try {
    await source?.return?.();
  } catch {
  }
}
var AttemptClock = class {
  #attempt;
  #timers;
  #nowMs;
  #progressMs;
  #committed = false;
  /** When the last content came, and the last bytes of any kind. */
  #contentMs;
  #bytesMs;
  #phase = "first_token";
  constructor(attempt, timers, nowMs) {
    this.#attempt = attempt;
    this.#timers = timers;
    this.#nowMs = nowMs;
    this.#progressMs = attempt.reasoning ? Number.POSITIVE_INFINITY : timers.progressMs;
    this.#contentMs = attempt.tally.startedMs;
    this.#bytesMs = attempt.tally.startedMs;
  }
  /** For the next pull; `undefined` on the JSON wire, where nothing comes before the whole answer. */
  deadlineMs() {
    if (!this.#attempt.stream) return void 0;
    if (!this.#committed) return this.#attempt.tally.startedMs + this.#attempt.firstTokenMs;
    const idleAt = this.#bytesMs + this.#timers.idleMs;
    const progressAt = this.#contentMs + this.#progressMs;
    this.#phase = progressAt < idleAt ? "progress" : "idle";
    return Math.min(progressAt, idleAt);
  }
  onRead(batch) {
    this.#bytesMs = this.#nowMs();
    if (batch.length === 0) return;
    this.#committed ||= commits(batch);
    if (this.#committed) this.#contentMs = this.#bytesMs;
  }
  /** The consumer asks for more: the time since it was handed the last batch was its own. */
  onResume() {
    this.#bytesMs = this.#nowMs();
    if (this.#committed) this.#contentMs = this.#bytesMs;
  }
  expired = () => {
    const { target, firstTokenMs } = this.#attempt;
    const { idleMs, progressMs } = this.#timers;
    const limits = { first_token: firstTokenMs, idle: idleMs, progress: progressMs };
    const phase = this.#phase;
    return new ProviderError({
      provider: target.provider.name,
      model: target.model,
      code: "timeout",
      phase,
      message: `${WHAT[phase]} within ${Math.round(limits[phase])} ms`,
      // A silent route stays silent: not the same target again, but the next.
      retryable: false
    });
  };
};
var WHAT = {
  first_token: "no content came",
  idle: "the stream went silent: no byte came",
  progress: "the stream made no progress: no content came"
};

// src/middleware/attempt-event.ts
function attemptEvent({ request, target, attempt }, at2) {
  return {
    requestId: request.requestId,
    at: at2,
    provider: target.provider.name,
    model: target.model,
    target: target.label,
    attempt
  };
}

// src/middleware/totals.ts
function totalsOf(trail) {
  let nanoUsd = 0;
  let precision = "reported";
  for (const record3 of trail) {
    if (record3.costUsd === void 0) precision = "unknown";
    else {
      nanoUsd += Math.round(record3.costUsd * 1e9);
      if (record3.precision === "estimated" && precision === "reported") precision = "estimated";
    }
  }
  return { last: trail.at(-1), costUsd: precision === "unknown" ? void 0 : nanoUsd / 1e9, precision };
}

// src/middleware/telemetry.ts
function traceRequest(teller) {
  const { emit, nowMs, epochMs } = teller;
  return function traceRequest2(context) {
    const { requestId, tenant, request } = context;
    const startedMs = nowMs();
    if (emit.wants("request.start")) {
      const { model: requestedModel } = request;
      const stream2 = request.stream === true;
      emit("request.start", { requestId, at: epochMs(), requestedModel, stream: stream2, tenant });
    }
    return {
      onEnd(ending) {
        const { outcome, error } = ending;
        if (outcome === "error" && isRunestoneError(error) && emit.wants("request.error")) {
          emit("request.error", { requestId, at: epochMs(), code: error.code, message: error.message });
        }
        if (emit.wants("request.stop")) {
          emit("request.stop", requestStop(context, ending, epochMs(), nowMs() - startedMs));
        }
      }
    };
  };
}
function requestStop({ requestId, tenant, trail }, ending, at2, durationMs) {
  const { last, costUsd, precision } = totalsOf(trail);
  return {
    requestId,
    at: at2,
    tenant,
    outcome: ending.outcome,
    code: codeOf(ending),
    attempts: trail.length,
    provider: last?.provider,
    model: last?.model,
    usage: last?.usage,
    costUsd,
    precision,
    durationMs,
    ttftMs: last?.ttftMs,
    finishReason: last?.finishReason
  };
}
function codeOf({ outcome, error }) {
  if (isRunestoneError(error)) return error.code;
  return outcome === "cancelled" ? "cancelled" : void 0;
}
function traceAttempt(teller, memory) {
  const { emit, nowMs, epochMs } = teller;
  return function traceAttempt2(attempt) {
    const { tally, request, target } = attempt;
    const state = memory.of(target);
    state.began();
    if (emit.wants("provider.request.start"))
      emit("provider.request.start", attemptEvent(attempt, epochMs()));
    let committed = false;
    let chunks = 0;
    return {
      onBatch(batch) {
        if (!committed && commits(batch)) {
          committed = true;
          const ttftMs = nowMs() - tally.startedMs;
          if (emit.wants("provider.stream.first_token")) {
            emit("provider.stream.first_token", { ...attemptEvent(attempt, epochMs()), ttftMs });
          }
        }
        if (emit.wants("provider.stream.chunk")) chunks = tellChunks(attempt, batch, chunks, teller);
        if (emit.wants("translation.warning")) tellWarnings(attempt, batch, teller);
      },
      onEnd(ending) {
        const record3 = recordOf(attempt, ending, nowMs());
        request.trail.push(record3);
        state.ended(record3);
        const { error, outcome } = ending;
        if (outcome === "error" && isRunestoneError(error) && emit.wants("provider.error")) {
          emit("provider.error", errorEvent(error, attempt, epochMs()));
        }
        if (!emit.wants("provider.request.stop")) return;
        emit("provider.request.stop", attemptStop(record3, attempt, epochMs()));
      }
    };
  };
}
function tellChunks(attempt, batch, from, { emit, epochMs }) {
  let index = from;
  for (const event of batch) {
    const chars = "text" in event ? event.text.length : "arguments" in event ? event.arguments.length : 0;
    if (chars === 0 && !isCommitting(event)) continue;
    emit("provider.stream.chunk", { ...attemptEvent(attempt, epochMs()), index: index++, chars });
  }
  return index;
}
function tellWarnings({ request, target }, batch, { emit, epochMs }) {
  for (const event of batch) {
    if (event.type !== "warning") continue;
    const { requestId } = request;
    const provider2 = target.provider.name;
    emit("translation.warning", { ...event.warning, requestId, at: epochMs(), provider: provider2 });
  }
}
function recordOf({ attempt, target, tally }, ending, nowMs) {
  const error = isRunestoneError(ending.error) ? ending.error : void 0;
  return {
    attempt,
    provider: target.provider.name,
    model: target.model,
    outcome: ending.outcome,
    code: codeOf(ending),
    status: error?.status,
    upstreamRequestId: error?.upstreamRequestId,
    durationMs: nowMs - tally.startedMs,
    ttftMs: tally.ttftMs,
    usage: tally.usage,
    costUsd: tally.costUsd,
    precision: tally.precision,
    finishReason: tally.finish
  };
}
function attemptStop(record3, { request, target }, at2) {
  return {
    requestId: request.requestId,
    at: at2,
    provider: record3.provider,
    model: record3.model,
    target: target.label,
    attempt: record3.attempt,
    outcome: record3.outcome,
    code: record3.code,
    status: record3.status,
    upstreamRequestId: record3.upstreamRequestId,
    usage: record3.usage,
    costUsd: record3.costUsd,
    precision: record3.precision,
    durationMs: record3.durationMs,
    ttftMs: record3.ttftMs,
    finishReason: record3.finishReason
  };
}
function errorEvent(error, attempt, at2) {
  const { retry: retry2, failover } = verdictOf(error);
  const committed = attempt.tally.committed && attempt.request.request.stream === true;
  return {
    ...attemptEvent(attempt, at2),
    code: error.code,
    message: error.message,
    status: error.status,
    upstreamRequestId: error.upstreamRequestId,
    retryAfterMs: error.retryAfterMs,
    committed,
    retryable: !committed && (retry2 || failover !== false)
  };
}

// src/pipeline/observe.ts
function watching(...watches) {
  return function watching2(context, next) {
    return new WatchedStream(watches, context, next);
  };
}
var WatchedStream = class {
  #watches;
  #context;
  #next;
  #observers = [];
  #listening = [];
  #source;
  #over = false;
  constructor(watches, context, next) {
    this.#watches = watches;
    this.#context = context;
    this.#next = next;
  }
  next() {
    if (this.#over) return Promise.resolve({ value: void 0, done: true });
    try {
      this.#source ??= this.#begin();
      return this.#source.next().then(this.#onResult, this.#onError);
    } catch (error) {
      return this.#fail(error);
    }
  }
  /** The consumer leaves: first the layers below, then the watchers. */
  async return() {
    if (!this.#over) {
      this.#over = true;
      try {
        await this.#source?.return?.();
        this.#end({ outcome: "cancelled" });
      } catch (error) {
        this.#end({ outcome: outcomeOf(error), error });
        throw error;
      }
    }
    return { value: void 0, done: true };
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  #begin() {
    for (const watch of this.#watches) this.#observers.push(watch(this.#context));
    this.#listening = this.#observers.filter((observer) => observer.onBatch);
    return this.#next(this.#context)[Symbol.asyncIterator]();
  }
  #onResult = (result) => {
    if (result.done) {
      if (!this.#over) {
        this.#over = true;
        this.#end({ outcome: "ok" });
      }
      return result;
    }
    try {
      for (const observer of this.#listening) observer.onBatch?.(result.value);
      return result;
    } catch (error) {
      return this.#break(error);
    }
  };
  /** A plug-in may hand on what is no batch: then the stream breaks here, and what lies below is let go. */
  async #break(error) {
    try {
      await this.#source?.return?.();
    } catch {
    }
    return this.#fail(error);
  }
  #onError = (error) => this.#fail(error);
  #fail(error) {
    if (!this.#over) {
      this.#over = true;
      this.#end({ outcome: outcomeOf(error), error });
    }
    return Promise.reject(error);
  }
  #end(ending) {
    for (const observer of this.#observers.reverse()) observer.onEnd(ending);
  }
};
function outcomeOf(error) {
  return isRunestoneError(error) && error.code === "cancelled" ? "cancelled" : "error";
}

// src/resilience/rolling-counter.ts
var RollingCounter = class {
  #counts;
  #slotMs;
  /** Index of the current slot since the clock's zero. */
  #current = 0;
  #total = 0;
  constructor(slots, slotMs) {
    this.#counts = new Uint32Array(slots);
    this.#slotMs = slotMs;
  }
  /** Counts one. `nowMs` never runs backwards. */
  add(nowMs) {
    this.#advance(nowMs);
    this.#counts[this.#current % this.#counts.length] += 1;
    this.#total += 1;
  }
  /** What was counted within the window that ends now. */
  total(nowMs) {
    this.#advance(nowMs);
    return this.#total;
  }
  /** Forgets everything. */
  clear() {
    this.#counts.fill(0);
    this.#total = 0;
  }
  #advance(nowMs) {
    const target = Math.floor(nowMs / this.#slotMs);
    if (target - this.#current >= this.#counts.length) {
      this.clear();
      this.#current = target;
    }
    while (this.#current < target) {
      this.#current += 1;
      const slot = this.#current % this.#counts.length;
      this.#total -= this.#counts[slot];
      this.#counts[slot] = 0;
    }
  }
};

// src/resilience/retry-budget.ts
var retryBudgetDefaults = {
  ratio: 0.1,
  minimum: 30,
  windowMs: 1e4
};
var SLOTS = 20;
var RetryBudget = class {
  #ratio;
  #minimum;
  #requests;
  #retries;
  #nowMs;
  constructor(options, nowMs) {
    const slotMs = (options.windowMs ?? retryBudgetDefaults.windowMs) / SLOTS;
    this.#ratio = options.ratio ?? retryBudgetDefaults.ratio;
    this.#minimum = options.minimum ?? retryBudgetDefaults.minimum;
    this.#requests = new RollingCounter(SLOTS, slotMs);
    this.#retries = new RollingCounter(SLOTS + 1, slotMs);
    this.#nowMs = nowMs;
  }
  /** Notes a request of a caller, once, however many attempts it takes. */
  countRequest() {
    this.#requests.add(this.#nowMs());
  }
  /** Takes leave for one retry. False: none is left, and nothing was taken. */
  takeRetry() {
    const now = this.#nowMs();
    const allowed3 = Math.max(this.#ratio * this.#requests.total(now), this.#minimum);
    if (this.#retries.total(now) + 1 > allowed3) return false;
    this.#retries.add(now);
    return true;
  }
};

// src/pipeline/tally.ts
var Tally = class {
  startedMs;
  /** When the first committing event came, on the monotonic clock. */
  committedMs;
  usage;
  finish;
  /** The model that upstream says is answering. */
  servedModel;
  /** UTF-16 length of text, reasoning and tool arguments delivered; what an estimate of lost output starts from. */
  outputChars = 0;
  /** Set when the attempt has ended. */
  costUsd;
  precision = "unknown";
  constructor(startedMs) {
    this.startedMs = startedMs;
  }
  get committed() {
    return this.committedMs !== void 0;
  }
  /** Attempt start to commit point. */
  get ttftMs() {
    return this.committedMs === void 0 ? void 0 : this.committedMs - this.startedMs;
  }
  /** Takes note of a batch; warnings go to the request's list. */
  add(batch, nowMs, warnings) {
    for (const event of batch) {
      switch (event.type) {
        case "text_delta":
        case "refusal_delta":
        case "reasoning_delta":
          this.outputChars += event.text.length;
          break;
        case "tool_call_delta":
          this.outputChars += event.arguments.length;
          break;
        case "custom_tool_call":
          this.outputChars += event.input.length;
          break;
        case "start":
          this.servedModel = event.model;
          break;
        case "usage":
          this.usage = event.usage;
          break;
        case "warning":
          if (!warnings.some((told) => sameWarning(told, event.warning))) warnings.push(event.warning);
          break;
        case "finish":
          this.finish = event.reason;
          break;
      }
      if (this.committedMs === void 0 && isCommitting(event)) this.committedMs = nowMs();
    }
  }
};
function sameWarning(left, right) {
  return left.code === right.code && left.param === right.param && left.message === right.message;
}

// src/resilience/backoff.ts
function fullJitter(retry2, baseDelayMs, maxDelayMs, random = Math.random) {
  return Math.floor(random() * doubling(retry2 - 1, baseDelayMs, maxDelayMs));
}
function doubling(step, baseMs, maxMs) {
  return Math.min(maxMs, baseMs * 2 ** step);
}
function jittered(durationMs, share, random) {
  return durationMs * (1 - share + 2 * share * random());
}

// src/resilience/retry.ts
import pRetry from "p-retry";
async function retrying(attempt, options) {
  try {
    return await attempt();
  } catch (error) {
    return await retryAfter(error, attempt, options);
  }
}
var Failure = class extends Error {
  thrown;
  constructor(thrown) {
    super();
    this.thrown = thrown;
  }
};
async function retryAfter(first, attempt, options) {
  const carried = async (number3) => {
    if (number3 === 1) throw new Failure(first);
    try {
      return await attempt();
    } catch (error) {
      throw new Failure(error);
    }
  };
  try {
    return await pRetry(carried, {
      retries: options.attempts - 1,
      // The wait is in `shouldRetry`: it runs only when a retry is left, may follow `Retry-After`, and can be
      // full jitter, which `randomize` is not. p-retry is not given the signal, because it would throw away the
      // result of a try that succeeded while the signal fired, and with it an open connection.
      minTimeout: 0,
      maxTimeout: 0,
      shouldRetry: ({ error, retriesConsumed }) => waitFor(error, retriesConsumed + 1, options)
    });
  } catch (error) {
    throw thrownBy(error);
  }
}
async function waitFor(error, retry2, options) {
  const { delayMs, onWait } = options;
  const signal = options.signal();
  if (signal.aborted) return false;
  const thrown = thrownBy(error);
  const delay = delayMs(thrown, retry2);
  if (delay === void 0) return false;
  onWait?.(delay, thrown, retry2);
  await sleep(delay, signal);
  return true;
}
function thrownBy(error) {
  return error instanceof Failure ? error.thrown : error;
}

// src/pool/attempt-loop.ts
var FALLBACK_SHARE = 0.3;
function attemptLoop(options) {
  return function attemptLoop2(request) {
    return new AttemptLoop(options, request);
  };
}
var AttemptLoop = class {
  #options;
  #request;
  #plan = [];
  #opening;
  #opened;
  constructor(options, request) {
    this.#options = options;
    this.#request = request;
  }
  next() {
    return this.#opened ? this.#opened.next() : this.#first();
  }
  async return() {
    const opened = await this.#opening?.catch(() => void 0);
    return opened ? opened.return() : { value: void 0, done: true };
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  async #first() {
    this.#opening ??= this.#open();
    this.#opened = await this.#opening;
    return this.#opened.next();
  }
  async #open() {
    this.#plan = this.#options.plan(this.#request);
    this.#options.budget.countRequest();
    const failures = [];
    for (let index = 0; index !== void 0; ) {
      try {
        return await this.#tryTarget(index);
      } catch (error) {
        const { cancellation } = this.#request;
        if (cancellation.isCancelled) throw cancellation.reason;
        if (!isRunestoneError(error)) throw error;
        failures.push(error);
        if (verdictOf(error).failover === false) throw error;
        index = this.#next(index, error);
      }
    }
    const [only] = failures;
    throw failures.length === 1 && only ? only : new FailoverError(failures);
  }
  #tryTarget(index) {
    const { settings, attempt } = this.#options;
    const whole = this.#request.request.stream !== true;
    return retrying(() => openStream(attempt(this.#context(index)), whole), {
      // One more than allowed, so that `#delay` is asked at the last failure too and can tell that it was the last.
      attempts: settings.retry.attemptsPerTarget + 1,
      delayMs: (error, retry2) => isRunestoneError(error) ? this.#delay(error, retry2, index) : void 0,
      signal: () => this.#request.signal
    });
  }
  /** The next candidate that may do better, if an attempt is left for it. */
  #next(index, error) {
    const { settings, teller } = this.#options;
    if (this.#request.trail.length >= settings.retry.attempts) return void 0;
    const from = this.#plan[index]?.target;
    for (let next = index + 1; next < this.#plan.length; next++) {
      const to = this.#plan[next]?.target;
      if (!from || !to || !mayDoBetter(from, to, error)) continue;
      if (teller.emit.wants("failover")) {
        const { requestId } = this.#request;
        teller.emit("failover", {
          requestId,
          at: teller.epochMs(),
          from: from.label,
          to: to.label,
          code: error.code
        });
      }
      return next;
    }
    return void 0;
  }
  #context(index) {
    const { settings, teller, states } = this.#options;
    const request = this.#request;
    const target = this.#target(index);
    if (request.cancellation.isCancelled) throw request.cancellation.reason;
    const remainingMs = request.deadlineMs - teller.nowMs();
    if (remainingMs <= 0) throw new DeadlineExceededError("no time is left for another attempt");
    const others = this.#plan.slice(index + 1);
    const fallback = index < this.#plan.length - 1 && request.trail.length + 1 < settings.retry.attempts;
    const reasoning = reasons(request, target);
    const limitMs = reasoning ? settings.timeouts.reasoningFirstTokenMs : settings.timeouts.firstTokenMs;
    return {
      request,
      attempt: request.trail.length + 1,
      target,
      stream: request.request.stream === true || !target.provider.answersWhole?.(request.request, target.model),
      reasoning,
      // A hanging first target must not eat the time of the next.
      firstTokenMs: fallback ? Math.min(limitMs, remainingMs * (1 - FALLBACK_SHARE)) : limitMs,
      lastTarget: !others.some((other) => states.of(other.target).isOpen),
      tally: new Tally(teller.nowMs())
    };
  }
  /** How long to wait before the same target is tried again; `undefined` to leave it. */
  #delay(error, retry2, index) {
    if (!verdictOf(error).retry || this.#isBetterServedElsewhere(error, index)) return void 0;
    const { settings, random } = this.#options;
    const { baseDelayMs, maxDelayMs } = settings.retry;
    const delayMs = error.retryAfterMs ?? fullJitter(retry2, baseDelayMs, maxDelayMs, random);
    const obstacle = this.#obstacle(error, retry2, delayMs);
    if (obstacle) this.#tell("retry.exhausted", index, { code: error.code, reason: obstacle });
    else {
      this.#options.states.of(this.#target(index)).retried();
      this.#tell("retry.scheduled", index, { code: error.code, delayMs });
    }
    return obstacle ? void 0 : delayMs;
  }
  /** A limited or overloaded target is not waited for while an equal is free, nor for long before a lower tier is. */
  #isBetterServedElsewhere({ code, retryAfterMs: retryAfterMs2 }, index) {
    const rest = this.#plan.slice(index + 1).filter(({ target }) => this.#options.states.of(target).isOpen);
    if (rest.length === 0) return false;
    const busy = code === "rate_limited" || code === "overloaded";
    const tier = this.#plan[index]?.tier;
    if (busy && rest.some((other) => other.tier === tier)) return true;
    return (retryAfterMs2 ?? 0) > this.#options.settings.retry.preferWaitMs;
  }
  #obstacle({ retryAfterMs: retryAfterMs2 = 0 }, retry2, delayMs) {
    const { settings, budget, teller } = this.#options;
    const { attempts, attemptsPerTarget, retryAfterCapMs } = settings.retry;
    if (retry2 >= attemptsPerTarget || this.#request.trail.length >= attempts) return "attempts";
    if (retryAfterMs2 > retryAfterCapMs) return "retry_after";
    if (delayMs >= this.#request.deadlineMs - teller.nowMs()) return "deadline";
    return budget.takeRetry() ? void 0 : "budget";
  }
  #tell(name, index, facts) {
    const { emit, epochMs } = this.#options.teller;
    if (!emit.wants(name)) return;
    const target = this.#target(index);
    const base = attemptEvent(
      { request: this.#request, target, attempt: this.#request.trail.length },
      epochMs()
    );
    emit(name, { ...base, ...facts });
  }
  #target(index) {
    const candidate = this.#plan[index];
    if (!candidate) throw new RangeError(`no candidate ${index}`);
    return candidate.target;
  }
};
function mayDoBetter(from, to, error) {
  if (verdictOf(error).failover !== "larger_window") return true;
  const had = from.spec?.contextWindow;
  const has = to.spec?.contextWindow;
  return had === void 0 || has === void 0 || has > had;
}
function reasons({ request }, { spec }) {
  const effort = request.reasoning_effort;
  return effort === void 0 || effort === null ? spec?.capabilities?.reasoning === true : effort !== "none";
}

// src/pool/assemble.ts
function assemble(parts) {
  const { settings, states, plan, prices, middleware: middleware2, teller, random } = parts;
  const yours = middleware2.flatMap((each) => each.attempt ?? []);
  const outer = [breakCircuit(states), traceAttempt(teller, states)];
  const inner = [recordCost(prices, teller)];
  const attempt = compose(
    // With nothing of yours in between, all watch in one pass.
    yours.length > 0 ? [watching(...outer), ...yours, watching(...inner)] : [watching(...outer, ...inner)],
    runProvider(settings.timeouts, teller.nowMs)
  );
  return compose(
    [watching(traceRequest(teller)), ...middleware2.flatMap((each) => each.request ?? [])],
    attemptLoop({
      attempt,
      plan,
      states,
      settings,
      budget: new RetryBudget(settings.retry.budget, teller.nowMs),
      teller,
      random
    })
  );
}

// src/chat/encode-chunk.ts
var ChunkEncoder = class {
  #form;
  #head;
  #join = new ReasoningJoin();
  #roleSent = false;
  #usage;
  /** Parts of the answer that are told in the last delta. */
  #last = {};
  constructor(form, head2) {
    this.#form = form;
    this.#head = head2;
  }
  /** Chunks of one batch, appended to `out`. The finish comes with `finish()`, when all is known. */
  encode(batch, out) {
    for (const event of batch) {
      const delta2 = event.type === "text_delta" ? textDelta(event.text) : this.#delta(event);
      if (delta2) this.#emit(delta2, out);
    }
  }
  /** The chunk with the finish reason (STR-14), and the usage chunk if it was asked for (STR-15). */
  finish(reason, raw, info, out) {
    this.#sendRole(out);
    const chunk = this.#chunk(
      this.#last,
      this.#form.legacyFunctions && reason === "tool_calls" ? "function_call" : reason
    );
    const [choice] = chunk.choices;
    if (choice && raw !== void 0) choice.native_finish_reason = raw;
    out.push(chunk);
    if (!this.#form.includeUsage) {
      chunk.runestone = info;
      return;
    }
    const usage = this.#usage && toCompletionUsage(this.#usage);
    out.push({
      ...this.#head,
      object: "chat.completion.chunk",
      choices: [],
      usage: usage ?? null,
      runestone: info
    });
  }
  #delta(event) {
    switch (event.type) {
      case "start":
        if (!this.#roleSent) this.#head = { id: event.id, model: event.model, created: event.created };
        return void 0;
      case "refusal_delta":
        return event.text ? { refusal: event.text } : void 0;
      case "reasoning_delta":
        return event.text ? { reasoning_content: this.#join.next(event.text) } : void 0;
      case "thinking_block":
        this.#join.endBlock();
        return { thinking_blocks: [event.block] };
      case "tool_call_start":
      case "tool_call_delta":
      case "custom_tool_call":
        return this.#form.legacyFunctions ? legacyDelta(event) : toolDelta(event);
      case "usage":
        this.#usage = event.usage;
        return void 0;
      case "annotations":
        if (event.annotations.length > 0) this.#last.annotations = [...event.annotations];
        return void 0;
      case "vendor":
        this.#last.provider_specific_fields ??= {};
        this.#last.provider_specific_fields[event.provider] = event.data;
        return void 0;
      default:
        return void 0;
    }
  }
  #emit(delta2, out) {
    this.#sendRole(out);
    out.push(this.#chunk(delta2, null));
  }
  #sendRole(out) {
    if (this.#roleSent) return;
    this.#roleSent = true;
    out.push(this.#chunk({ role: "assistant", content: "", refusal: null }, null));
  }
  #chunk(delta2, finish_reason) {
    const { id, created, model: model2 } = this.#head;
    const choices = [{ index: 0, delta: delta2, finish_reason, logprobs: null }];
    return this.#form.includeUsage ? { id, object: "chat.completion.chunk", created, model: model2, choices, usage: null } : { id, object: "chat.completion.chunk", created, model: model2, choices };
  }
};
function textDelta(text2) {
  return text2 ? { content: text2 } : void 0;
}
function toolDelta(event) {
  const { index } = event;
  switch (event.type) {
    case "tool_call_start":
      return {
        tool_calls: [
          { index, id: event.id, type: "function", function: { name: event.name, arguments: "" } }
        ]
      };
    case "tool_call_delta":
      return event.arguments ? { tool_calls: [{ index, function: { arguments: event.arguments } }] } : void 0;
    case "custom_tool_call":
      return {
        tool_calls: [
          {
            index,
            id: event.id,
            type: "custom",
            custom: { name: event.name, input: event.input }
          }
        ]
      };
  }
}
function legacyDelta(event) {
  if (event.index !== 0) return void 0;
  switch (event.type) {
    case "tool_call_start":
      return { function_call: { name: event.name, arguments: "" } };
    case "tool_call_delta":
      return event.arguments ? { function_call: { arguments: event.arguments } } : void 0;
    case "custom_tool_call":
      return { function_call: { name: event.name, arguments: event.input } };
  }
}

// src/chat/encode-sse.ts
var SSE_DONE = "data: [DONE]\n\n";
function encodeSse(chunks) {
  let text2 = "";
  for (const chunk of chunks) text2 += `data: ${JSON.stringify(chunk)}

`;
  return text2;
}
function encodeSseError(error) {
  return `data: ${JSON.stringify(error.toOpenAI())}

`;
}

// src/pool/byte-stream.ts
function byteStream(pull, leave, form) {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const chunks = await nextReady(pull);
          const text2 = chunks ? form.chunks(chunks) : form.end;
          if (text2) controller.enqueue(encoder.encode(text2));
          if (!chunks) controller.close();
        } catch (error) {
          if (!form.failure || !isRunestoneError(error)) throw error;
          controller.enqueue(encoder.encode(form.failure(error)));
          controller.close();
        }
      },
      cancel: leave
    },
    { highWaterMark: 0 }
  );
}
async function nextReady(pull) {
  for (; ; ) {
    const chunks = await pull();
    if (!chunks || chunks.length > 0) return chunks;
  }
}

// src/pool/unbatched.ts
var Unbatched = class {
  #pull;
  #leave;
  #items = [];
  #at = 0;
  /** Calls of `next` that wait for a pull. */
  #waiting = 0;
  #turn = Promise.resolve();
  #over = false;
  /**
   * @param pull - the next array, possibly empty; `undefined` at the end; rejects when the source breaks
   * @param leave - called once, when the consumer stops before the end
   */
  constructor(pull, leave) {
    this.#pull = pull;
    this.#leave = leave;
  }
  next() {
    if (this.#waiting === 0 && !this.#over && this.#at < this.#items.length) {
      return Promise.resolve({ value: this.#items[this.#at++], done: false });
    }
    this.#waiting += 1;
    const turn = this.#turn.then(() => this.#advance());
    this.#turn = turn.catch(() => {
    });
    return turn;
  }
  async return() {
    if (!this.#over) {
      this.#over = true;
      this.#items = [];
      await this.#leave();
    }
    return { value: void 0, done: true };
  }
  [Symbol.asyncIterator]() {
    return this;
  }
  async #advance() {
    try {
      while (!this.#over && this.#at >= this.#items.length) {
        const items = await this.#pull();
        if (items) {
          this.#items = items;
          this.#at = 0;
        } else this.#over = true;
      }
    } catch (error) {
      const first = !this.#over;
      this.#over = true;
      if (first) throw error;
    } finally {
      this.#waiting -= 1;
    }
    return this.#over ? { value: void 0, done: true } : { value: this.#items[this.#at++], done: false };
  }
};

// src/pool/chat-stream.ts
var UNCLAIMED_MS = 3e4;
var ChatStream = class {
  requestId;
  #answer;
  #encoder;
  #unclaimed;
  #claimed = false;
  /** @internal made by `ProviderPool.streamRequest` */
  constructor(answer) {
    const { form, head: head2, context } = answer.running;
    this.requestId = context.requestId;
    this.#answer = answer;
    this.#encoder = new ChunkEncoder(form, head2);
    this.#unclaimed = setTimeout(() => void this.cancel(), UNCLAIMED_MS);
    this.#unclaimed.unref();
  }
  /** Provider, attempts, usage, cost, trace. Complete once the stream has ended. */
  get runestone() {
    return this.#answer.running.info();
  }
  /** OpenAI chunks. */
  [Symbol.asyncIterator]() {
    this.#claim();
    return new Unbatched(this.#pullChunks, this.#leave);
  }
  /** The house's own events, which know more than chunks can say. */
  events() {
    this.#claim();
    return new Unbatched(() => this.#pull(), this.#leave);
  }
  /** The text alone, piece by piece. */
  text() {
    this.#claim();
    const pull = async () => (await this.#pull())?.flatMap(
      (event) => event.type === "text_delta" && event.text ? [event.text] : []
    );
    return new Unbatched(pull, this.#leave);
  }
  /** The whole answer, folded from the same stream. Reads the stream itself when nobody else does. */
  completion() {
    const readItself = !this.#claimed;
    this.#claimed = true;
    clearTimeout(this.#unclaimed);
    return this.#answer.completion(readItself);
  }
  /** Chunks as JSON lines, in the form that `ChatCompletionStream.fromReadableStream` of the `openai` package reads. */
  toReadableStream() {
    this.#claim();
    const chunks = (ready) => ready.map((chunk) => `${JSON.stringify(chunk)}
`).join("");
    return byteStream(this.#pullChunks, this.#leave, { chunks, end: "" });
  }
  /**
   * An HTTP response in OpenAI's streaming format. A failure after this point is an error frame in the body,
   * after which the body just ends; without `[DONE]`, so that no client takes it for complete.
   */
  toResponse(init = {}) {
    this.#claim();
    const form = { chunks: encodeSse, end: SSE_DONE, failure: encodeSseError };
    return new Response(byteStream(this.#pullChunks, this.#leave, form), {
      headers: {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-cache, no-transform",
        "x-request-id": this.requestId,
        ...init.headers
      }
    });
  }
  /** Stops the answer and cuts the request upstream. Does nothing once the stream has ended. */
  cancel() {
    clearTimeout(this.#unclaimed);
    return this.#answer.cancel();
  }
  [Symbol.asyncDispose]() {
    return this.cancel();
  }
  #claim() {
    if (this.#claimed) {
      throw new ConfigError(
        "a ChatStream can be read once; use `completion()` for the whole answer beside it"
      );
    }
    this.#claimed = true;
  }
  #pull() {
    clearTimeout(this.#unclaimed);
    return this.#answer.pull();
  }
  #pullChunks = async () => {
    const batch = await this.#pull();
    if (!batch) return void 0;
    const chunks = [];
    this.#encoder.encode(batch, chunks);
    const { finish, running } = this.#answer;
    if (finish) this.#encoder.finish(finish.reason, finish.raw, running.info(), chunks);
    return chunks;
  };
  #leave = () => this.cancel();
};

// src/pool/check-provider.ts
var CHECK_MS = 1e4;
async function checkProvider(provider2, connectMs, nowMs, limitMs = CHECK_MS) {
  if (!provider2.check) return { status: "unknown" };
  const controller = new AbortController();
  let timer;
  const overdue2 = new Promise((_, reject) => {
    timer = setTimeout(() => {
      controller.abort(new Error("timeout"));
      reject(controller.signal.reason);
    }, limitMs);
  });
  const startedMs = nowMs();
  try {
    await Promise.race([provider2.check({ signal: controller.signal, key: 0, connectMs }), overdue2]);
    return { status: "healthy", latencyMs: nowMs() - startedMs };
  } catch (error) {
    const latencyMs = nowMs() - startedMs;
    if (controller.signal.aborted) {
      return {
        status: "down",
        latencyMs,
        code: "timeout",
        message: `${provider2.name}: no answer within ${limitMs} ms`
      };
    }
    const known2 = isRunestoneError(error);
    const message2 = known2 ? error.message : `${provider2.name}: the check failed`;
    return { status: "down", latencyMs, code: known2 ? error.code : "bad_response", message: message2 };
  } finally {
    clearTimeout(timer);
  }
}

// src/pool/environment.ts
var realEnvironment = {
  nowMs: () => performance.now(),
  epochMs: () => Date.now(),
  random: Math.random
};

// src/provider-kit/api-keys.ts
var ApiKeys = class {
  /** One for each key, for `Provider.keys`. Never the key itself. */
  labels;
  #sources;
  #provider;
  /** @throws ConfigError when a key is empty or could not stand in a header */
  constructor(provider2, keys) {
    const list = typeof keys === "object" && keys !== null ? keys : [keys];
    if (list.length === 0) throw missing(provider2);
    this.#provider = provider2;
    this.labels = list.map((_, index) => `${provider2}[${index}]`);
    this.#sources = list.map((key) => {
      if (typeof key === "function") return key;
      const checked = checkKey(provider2, key);
      return () => checked;
    });
  }
  /**
   * The key for one call.
   *
   * @param own - a key the caller brought for this call alone
   * @throws ProviderError `authentication` when a key function fails
   */
  async reveal(index, own) {
    if (own) return checkKey(this.#provider, own.reveal());
    try {
      return checkKey(this.#provider, await this.#sources[index]?.() ?? "");
    } catch {
      throw new ProviderError({
        provider: this.#provider,
        code: "authentication",
        message: "the API key function failed, or gave no usable key",
        retryable: false
      });
    }
  }
};
function checkKey(provider2, key) {
  const trimmed = typeof key === "string" ? key.trim() : "";
  if (!trimmed) throw missing(provider2);
  if (!/^[\x21-\x7e]+$/.test(trimmed)) {
    throw new ConfigError(`${provider2}: apiKey: holds a character that cannot stand in a header`, {
      param: "apiKey",
      provider: provider2
    });
  }
  return trimmed;
}
function missing(provider2) {
  return new ConfigError(
    `${provider2}: apiKey: is missing; pass it, or set the environment variable and use \`fromEnv\``,
    {
      param: "apiKey",
      provider: provider2
    }
  );
}

// src/provider-kit/base-url.ts
var LOOPBACK = /* @__PURE__ */ new Set(["localhost", "127.0.0.1", "[::1]"]);
function normalizeBaseURL(baseURL, options) {
  const fault = (problem) => new ConfigError(`${options.provider}: baseURL: ${problem}`, {
    param: "baseURL",
    provider: options.provider
  });
  if (!URL.canParse(baseURL)) throw fault("is not a URL");
  const url = new URL(baseURL);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw fault("must begin with https://");
  if (url.protocol === "http:" && !LOOPBACK.has(url.hostname) && options.allowHttp !== true) {
    throw fault(
      "must begin with https://, because keys and prompts travel over it; or set `allowHttp: true`"
    );
  }
  if (url.username || url.password) throw fault("must not hold credentials; use `apiKey`");
  if (url.search || url.hash) throw fault("must not have a query or a fragment");
  return url.origin + url.pathname.replace(/(?:\/(?:v1)?)+$/, "");
}

// src/provider-kit/body.ts
var MAX_ERROR_BODY_BYTES = 64 * 1024;
var MAX_ERROR_BODY_MS = 5e3;
function sniff(chunks) {
  for (const chunk of chunks ?? []) {
    for (const byte of chunk) {
      if (byte <= 32 || byte === 239 || byte === 187 || byte === 191) continue;
      if (byte === 123) return "json";
      return byte === 60 ? "html" : "sse";
    }
  }
  return "empty";
}
async function readText(response, options) {
  const decoder = new TextDecoder();
  let text2 = "";
  let bytes = 0;
  for (let chunks = options.first ?? await response.read(); chunks; chunks = await response.read()) {
    for (const chunk of chunks) {
      bytes += chunk.length;
      text2 += decoder.decode(chunk, { stream: true });
    }
    if (bytes > options.maxBytes) {
      throw new ProviderError({
        provider: options.provider,
        code: "bad_response",
        message: `the answer is larger than ${options.maxBytes} bytes`
      });
    }
  }
  return text2 + decoder.decode();
}
async function readErrorText(response, maxMs = MAX_ERROR_BODY_MS) {
  const decoder = new TextDecoder();
  let text2 = "";
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, maxMs, void 0);
  });
  try {
    while (text2.length < MAX_ERROR_BODY_BYTES) {
      const chunks = await Promise.race([response.read(), late]);
      if (!chunks) break;
      for (const chunk of chunks) text2 += decoder.decode(chunk, { stream: true });
    }
  } catch {
  } finally {
    clearTimeout(timer);
  }
  return text2.slice(0, MAX_ERROR_BODY_BYTES);
}

// src/provider-kit/transport-error.ts
var refused = { code: "connection", told: "connection refused", retryable: false };
var noSuchHost = { code: "connection", told: "host name not found", retryable: false };
var noTls = { code: "connection", told: "TLS failed", retryable: false };
var reset = { code: "connection", told: "connection reset" };
var closed = { code: "connection", told: "closed", retryable: false };
var unreachable = { code: "connection", told: "host unreachable", retryable: false };
var unsendable = { code: "invalid_request", told: "the request cannot be sent" };
var notHttp = { code: "bad_response", told: "the answer is not valid HTTP" };
var cutShort = { code: "stream_truncated", told: "closed before the answer ended" };
var meanings = {
  ECONNREFUSED: refused,
  ENOTFOUND: noSuchHost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  UND_ERR_CONNECT_TIMEOUT: { code: "timeout", told: "no connection in time", retryable: false },
  UND_ERR_CLOSED: closed,
  UND_ERR_DESTROYED: closed,
  UND_ERR_HEADERS_OVERFLOW: notHttp,
  UND_ERR_INVALID_ARG: unsendable,
  UND_ERR_NOT_SUPPORTED: unsendable,
  ERR_INVALID_URL: unsendable
};
var tlsCode = /CERT|^ERR_(?:SSL|TLS)_|^UNABLE_TO_VERIFY|^EPROTO$/;
var endCodes = /* @__PURE__ */ new Set([
  "UND_ERR_SOCKET",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
  "HPE_INVALID_EOF_STATE"
]);
var shownCode = /^[A-Z][A-Z0-9_]{2,63}$/;
var MAX_CAUSES = 8;
function transportError(provider2, error, phase) {
  const code = codeOf2(error);
  const { code: meaning, told, retryable } = meaningOf(code, phase);
  return new ProviderError({
    provider: provider2,
    code: meaning,
    message: code ? `${told} (${code})` : told,
    retryable,
    cause: safeCause(code)
  });
}
function connectTimeout(provider2, connectMs) {
  return new ProviderError({
    provider: provider2,
    code: "timeout",
    phase: "connect",
    message: `no connection within ${connectMs} ms`,
    retryable: false
  });
}
function meaningOf(code, phase) {
  if (code === void 0) return reset;
  if (phase === "body" && endCodes.has(code)) return cutShort;
  if (code.startsWith("HPE_")) return notHttp;
  return tlsCode.test(code) ? noTls : meanings[code] ?? reset;
}
function codeOf2(error, depth = 0) {
  if (!(error instanceof Error) || depth > MAX_CAUSES) return void 0;
  if (error.name === "HTTPParserError")
    return /EOF/.test(error.message) ? "HPE_INVALID_EOF_STATE" : "HPE_ERROR";
  if ("code" in error && typeof error.code === "string" && shownCode.test(error.code)) return error.code;
  return codeOf2(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
}
function safeCause(code) {
  return code === void 0 ? void 0 : new Error(code);
}

// src/provider-kit/fetch-transport.ts
function fetchTransport(provider2, fetch) {
  return {
    async send(request) {
      const { signal } = request;
      signal.throwIfAborted();
      const answer = ask(fetch, request);
      try {
        return responseToWire(provider2, await untilAborted(answer, signal), signal);
      } catch (error) {
        if (!signal.aborted) throw transportError(provider2, error, "head");
        answer.then((late) => late.body?.cancel()).catch(() => {
        });
        throw signal.reason;
      }
    },
    async close() {
    }
  };
}
async function ask(fetch, { url, method, headers, body, signal }) {
  return fetch(url, {
    method,
    headers,
    ...body !== void 0 && { body },
    signal,
    redirect: "manual"
  });
}
function responseToWire(provider2, response, signal) {
  const reader = response.body?.getReader();
  let ended = reader === void 0;
  let failure;
  return {
    status: response.status,
    headers: response.headers,
    async read() {
      if (failure !== void 0) throw failure;
      if (!reader || ended) return void 0;
      try {
        const { done, value } = await untilAborted(reader.read(), signal);
        ended ||= done;
        return done ? void 0 : [value];
      } catch (error) {
        failure = signal.aborted ? signal.reason : transportError(provider2, error, "body");
        reader.cancel().catch(() => {
        });
        throw failure;
      }
    },
    finish() {
      if (ended) return;
      ended = true;
      reader?.cancel().catch(() => {
      });
    }
  };
}
function untilAborted(promise, signal) {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

// src/provider-kit/failure-kind.ts
var byWords = [
  {
    // Another target with a larger window may take it (S2).
    statuses: [400, 413, 422],
    codes: /* @__PURE__ */ new Set(["context_length_exceeded"]),
    text: /prompt is too long|exceed context limit|maximum context length|context length (?:is )?exceeded|context (?:size|window)|too many (?:input )?tokens|input is too long/i,
    finding: { code: "context_overflow", reason: "context_length_exceeded" }
  },
  {
    // A 429 that no waiting cures (S4, BUG-85).
    statuses: [400, 402, 403, 429],
    codes: /* @__PURE__ */ new Set(["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"]),
    text: /exceeded your current quota|credit balance|insufficient (?:balance|credits|funds|quota)|spend(?:ing)? limit|usage limits/i,
    finding: { code: "quota_exhausted" }
  },
  {
    // Refused before an answer, not a fault of the key: a 403 of this kind must not take it out (ERR-42).
    statuses: [400, 403, 422],
    codes: /* @__PURE__ */ new Set(["content_filter", "content_policy_violation", "moderation_blocked"]),
    text: /content (?:management )?policy|requires moderation|flagged by/i,
    finding: { code: "content_filtered" }
  },
  {
    // OpenAI answers 403 for a model the project may not use, Groq 400 for one it has switched off.
    statuses: [400, 403, 404],
    codes: /* @__PURE__ */ new Set(["model_not_found", "model_not_available", "model_decommissioned", "unknown_model"]),
    finding: { code: "model_not_found" }
  },
  {
    // A 500 that means an overload still means one (ERR-53).
    statuses: [500, 502, 503],
    text: /overloaded|slow down|capacity/i,
    finding: { code: "overloaded" }
  }
];
var byStatus = {
  401: { code: "authentication" },
  402: { code: "quota_exhausted" },
  403: { code: "permission" },
  408: { code: "timeout" },
  409: { code: "conflict" },
  413: { code: "request_too_large" },
  // "Too early": the host refused to risk a replay and wants the same request once more.
  425: { code: "server_error" },
  429: { code: "rate_limited" },
  // A proxy says that we hung up. Had we, the pool would know (ERR-19).
  499: { code: "connection", reason: "client_closed_request", retryable: false },
  501: { code: "server_error", retryable: false },
  503: { code: "overloaded" },
  504: { code: "timeout" },
  529: { code: "overloaded" }
};
var otherObject = /\b(?:file|container|thread|batch|skill|upload|conversation|response|vector store)s?\b/i;
function kindOf(failure) {
  const { status, structured } = failure;
  if (status === void 0) return { code: "server_error", reason: "upstream_stream_error" };
  if (status >= 300 && status < 400) return { code: "redirect" };
  if (status < 400 || status > 599) return { code: "bad_response" };
  const finding = worded(failure, status) ?? byStatus[status];
  if (finding) return finding;
  if (status === 404) return notFound(failure);
  if (status < 500) return { code: "invalid_request" };
  const fromEdge = status >= 520 && status <= 527 && !structured;
  return { code: "server_error", ...fromEdge && { reason: "upstream_invalid_response" } };
}
function worded(failure, status) {
  const { code = "", type = "", message: message2 } = failure;
  return byWords.find(
    ({ statuses, codes, text: text2 }) => statuses.includes(status) && (codes?.has(code) || codes?.has(type) || text2?.test(message2))
  )?.finding;
}
function notFound({ structured, message: message2 }) {
  const other = structured && otherObject.test(message2) && !/\bmodel/i.test(message2);
  return other ? { code: "invalid_request", reason: "not_found" } : { code: "model_not_found" };
}

// src/provider-kit/failure-message.ts
var sentences = {
  invalid_request: ["the request was refused"],
  request_too_large: ["the request is too large"],
  context_overflow: [
    "the prompt does not fit the context window",
    "shorten it, or use a model with a larger one"
  ],
  content_filtered: ["refused by content policy"],
  authentication: ["the key was refused", "check apiKey"],
  permission: ["the key has no permission for this"],
  quota_exhausted: ["credit or spend limit used up", "raise it at the provider"],
  model_not_found: ["no such model"],
  rate_limited: ["rate limited"],
  overloaded: ["overloaded"],
  server_error: ["internal error"],
  conflict: ["conflict with another request"],
  connection: ["the connection was lost"],
  timeout: ["timed out upstream"],
  stream_truncated: ["the answer was cut short"],
  bad_response: ["the answer is not one of this API", "check baseURL"],
  redirect: ["redirected, and redirects are not followed", "check baseURL"]
};
function failureMessage(parts) {
  const { code, status, upstream, retryAfterMs: retryAfterMs2 } = parts;
  const wait = retryAfterMs2 === void 0 ? void 0 : `retry in ${Math.ceil(retryAfterMs2 / 1e3)} s`;
  const [what, advice2 = wait] = code === "model_not_found" ? aboutModel(parts) : sentences[code];
  const shown2 = status === void 0 ? what : `${what} (${status})`;
  return `${shown2}${upstream && `: ${upstream}`}${advice2 ? `; ${advice2}` : ""}`;
}
function aboutModel({ model: model2, retired }) {
  const named4 = model2 === void 0 ? "the model" : `the model ${JSON.stringify(model2)}`;
  if (!retired) return [model2 === void 0 ? "no such model" : `${named4} is not served here`];
  const { retired: day, successor } = retired;
  return [`${named4} was retired on ${day}`, successor && `use ${JSON.stringify(successor)}`];
}

// src/provider-kit/in-band-status.ts
var statusByWord = {
  invalid_request_error: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  model_not_found: 404,
  timeout_error: 504,
  conflict_error: 409,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  // OpenAI's names of the limit that was hit.
  requests: 429,
  tokens: 429,
  api_error: 500,
  server_error: 500,
  internal_error: 500,
  internal_server_error: 500,
  service_unavailable: 503,
  overloaded_error: 529,
  overloaded: 529
};
function inBandStatus({ code, type }) {
  if (code !== void 0 && /^[45]\d\d$/.test(code)) return Number(code);
  return lookUp(code) ?? lookUp(type);
}
function lookUp(word) {
  return word !== void 0 && Object.hasOwn(statusByWord, word) ? statusByWord[word] : void 0;
}

// src/provider-kit/read-error-body.ts
function readErrorBody(text2) {
  let value;
  try {
    value = JSON.parse(text2);
  } catch {
    return { message: text2, structured: false };
  }
  return errorBodyOf(value);
}
function errorBodyOf(value) {
  const envelope = Array.isArray(value) ? value[0] : value;
  if (typeof envelope === "string") return { message: envelope, structured: false };
  if (!isRecord(envelope)) return { message: "", structured: false };
  const inner = envelope["error"] ?? firstOf(envelope["errors"]);
  const error = isRecord(inner) ? inner : envelope;
  const message2 = messageOf2(inner) ?? messageOf2(envelope);
  return {
    message: message2 ?? "",
    structured: inner !== void 0 || message2 !== void 0,
    ...strings({
      // `type: "error"` names the envelope, not the error.
      type: error["type"] === "error" ? void 0 : error["type"] ?? error["status"],
      code: error["code"],
      param: error["param"] ?? locationOf(envelope["detail"]),
      requestId: envelope["request_id"]
    }),
    ...isRecord(error["details"]) && { details: error["details"] }
  };
}
function messageOf2(value) {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return void 0;
  const detail = firstOf(value["detail"]);
  const candidates2 = [value["message"], isRecord(detail) ? detail["msg"] : detail];
  return candidates2.find((candidate) => typeof candidate === "string");
}
function locationOf(detail) {
  const fault = firstOf(detail);
  if (!isRecord(fault) || !Array.isArray(fault["loc"])) return void 0;
  const path = fault["loc"].filter((step, index) => index > 0 || step !== "body");
  return path.map((step) => typeof step === "number" ? `[${step}]` : `.${String(step)}`).join("").slice(1);
}
function firstOf(value) {
  return Array.isArray(value) ? value[0] : value;
}
function strings(values) {
  const kept = {};
  for (const key in values) {
    const value = values[key];
    if (typeof value === "string" && value !== "") kept[key] = value;
    else if (typeof value === "number") kept[key] = String(value);
  }
  return kept;
}

// src/provider-kit/redact.ts
var MASK = "[redacted]";
var MAX_UPSTREAM_CHARS = 200;
var MIN_SECRET_CHARS = 8;
var MAX_READ_CHARS = 64 * 1024;
var MAX_SECRET_CHARS = 8 * 1024;
var webPage = /<(?:!doctype|\?xml|html|head|body|title|center)\b/i;
var shapes = [
  [
    /\b(authorization|x-api-key|api-key)(["']?\s?[:=]\s?["']?)(?:(?:bearer|basic) )?[^\s"',}]+/gi,
    `$1$2${MASK}`
  ],
  [/\bbearer [\w.~+/=*-]{8,}/gi, `Bearer ${MASK}`],
  [/\b(?:sk|pk|gsk|xai|pplx|hf|r8)[-_][\w*-]{4,}/g, MASK],
  [/\bAIza[\w-]{16,}/g, MASK],
  [/([?&](?:key|api[-_]?key|access[-_]token|token|sig|signature)=)[^&\s"'<>]+/gi, `$1${MASK}`],
  [/\/\/[^\s/@]*@/g, `//${MASK}@`]
];
function redact(text2, secrets = []) {
  const read2 = text2.slice(0, MAX_READ_CHARS);
  if (webPage.test(read2)) return "";
  let line = read2.replace(/\p{Cf}/gu, "").replace(/[\s\p{Cc}]+/gu, " ").trim();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_CHARS) continue;
    for (const form of formsOf(secret)) line = line.replaceAll(form, MASK);
  }
  if (read2.length < text2.length) line = line.slice(0, -MAX_SECRET_CHARS);
  for (const [pattern, replacement] of shapes) line = line.replace(pattern, replacement);
  return capped(
    line.replace(/<[^<>]*>/g, " ").replace(/ {2,}/g, " ").trim()
  );
}
function capped(line) {
  if (line.length <= MAX_UPSTREAM_CHARS) return line;
  return `${line.slice(0, MAX_UPSTREAM_CHARS - 1).replace(/[\ud800-\udbff]$/, "")}\u2026`;
}
function formsOf(secret) {
  const encoded = encodeURIComponent(toWellFormed(secret));
  const forms = [secret, encoded, encoded.replace(/%../g, (code) => code.toLowerCase())];
  for (const shift of [0, 1, 2]) {
    const core2 = base64Core(secret, shift);
    forms.push(core2, core2.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return new Set(forms.filter((form) => form.length >= MIN_SECRET_CHARS));
}
function base64Core(secret, shift) {
  const bytes = new TextEncoder().encode(secret);
  const text2 = btoa("\0".repeat(shift) + Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const firstPure = [0, 2, 3][shift];
  const pure = Math.floor((shift + bytes.length) * 8 / 6);
  return text2.slice(firstPure, pure);
}
function toWellFormed(text2) {
  return text2.replace(/[\ud800-\udfff]/gu, "\uFFFD");
}

// src/provider-kit/wait-values.ts
var MAX_WAIT_MS = 2 ** 31 - 1;
var MAX_VALUE_CHARS = 64;
var UNIT_MS = {
  h: 36e5,
  m: 6e4,
  s: 1e3,
  ms: 1,
  us: 1e-3,
  \u00B5s: 1e-3,
  \u03BCs: 1e-3,
  ns: 1e-6
};
var decimal = /^\d+(?:\.\d+)?$/;
var timestamp = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
var httpDate = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
function headerText(value) {
  const text2 = value !== null && value.length <= MAX_VALUE_CHARS ? value.trim() : "";
  return text2 === "" ? void 0 : text2;
}
function readDecimal(text2) {
  return text2 !== void 0 && decimal.test(text2) ? Number(text2) : void 0;
}
function readCount(text2) {
  const number3 = readDecimal(text2);
  return Number.isSafeInteger(number3) ? number3 : void 0;
}
function readDate(text2) {
  if (text2 === void 0 || !(httpDate.test(text2) || timestamp.test(text2))) return void 0;
  const epochMs = Date.parse(text2);
  return Number.isNaN(epochMs) ? void 0 : epochMs;
}
function readDuration(text2) {
  if (text2 === void 0 || text2 === "") return void 0;
  const seconds = readDecimal(text2);
  if (seconds !== void 0) return seconds * 1e3;
  const part2 = /(\d+(?:\.\d+)?)(ms|us|µs|μs|ns|h|m|s)/y;
  let totalMs = 0;
  while (part2.lastIndex < text2.length) {
    const match = part2.exec(text2);
    if (!match) return void 0;
    totalMs += Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? 0);
  }
  return totalMs;
}
function readReset(text2, nowMs) {
  const date = readDate(text2);
  if (date !== void 0) return date - nowMs;
  const number3 = readDecimal(text2);
  if (number3 === void 0 || number3 < 1e6) return readDuration(text2);
  return (number3 < 1e11 ? number3 * 1e3 : number3) - nowMs;
}

// src/provider-kit/rate-limits.ts
var anthropic2 = (bucket, what) => [
  bucket,
  `anthropic-ratelimit-${what}-limit`,
  `anthropic-ratelimit-${what}-remaining`,
  `anthropic-ratelimit-${what}-reset`
];
var openai = (bucket, what) => [
  bucket,
  `x-ratelimit-limit${what}`,
  `x-ratelimit-remaining${what}`,
  `x-ratelimit-reset${what}`
];
var spellings = [
  anthropic2("requests", "requests"),
  anthropic2("tokens", "tokens"),
  anthropic2("inputTokens", "input-tokens"),
  anthropic2("outputTokens", "output-tokens"),
  openai("requests", "-requests"),
  openai("tokens", "-tokens"),
  openai("requests", "")
];
function rateLimits(headers, nowMs) {
  const answeredMs = answerTime(headers, nowMs);
  const found = {};
  for (const [name, ...spelling] of spellings) {
    const bucket = found[name] ? void 0 : readBucket(headers, spelling, answeredMs);
    if (bucket) found[name] = bucket;
  }
  return Object.keys(found).length > 0 ? found : void 0;
}
function answerTime(headers, nowMs) {
  return readDate(headerText(headers.get("date"))) ?? nowMs;
}
function readBucket(headers, [limitName, remainingName, resetName], answeredMs) {
  const limit = readCount(headerText(headers.get(limitName)));
  const remaining = readCount(headerText(headers.get(remainingName)));
  const reset2 = readReset(headerText(headers.get(resetName)), answeredMs);
  if (limit === void 0 && remaining === void 0 && reset2 === void 0) return void 0;
  return {
    ...limit !== void 0 && { limit },
    ...remaining !== void 0 && { remaining },
    ...reset2 !== void 0 && { resetMs: Math.min(MAX_WAIT_MS, Math.max(0, Math.ceil(reset2))) }
  };
}

// src/provider-kit/wait-headers.ts
function retryAfterMs(headers, nowMs) {
  return toWait(readDecimal(headerText(headers.get("retry-after-ms")))) ?? toWait(readRetryAfter(headers, nowMs)) ?? toWait(untilReset(headers, nowMs));
}
function shouldRetry(headers) {
  const value = headerText(headers.get("x-should-retry"));
  return value === "true" ? true : value === "false" ? false : void 0;
}
function readRetryAfter(headers, nowMs) {
  const text2 = headerText(headers.get("retry-after"));
  const seconds = readDecimal(text2);
  if (seconds !== void 0) return seconds * 1e3;
  const date = readDate(text2);
  return date === void 0 ? void 0 : date - answerTime(headers, nowMs);
}
function untilReset(headers, nowMs) {
  const buckets = Object.values(rateLimits(headers, nowMs) ?? {});
  const counted = buckets.filter((bucket) => bucket.remaining !== void 0);
  const usedUp = counted.length > 0 ? counted.filter((bucket) => bucket.remaining === 0) : buckets;
  const resets = usedUp.map((bucket) => bucket.resetMs).filter((reset2) => reset2 !== void 0);
  return resets.length > 0 ? Math.max(...resets) : void 0;
}
function toWait(ms) {
  return ms !== void 0 && ms > 0 ? Math.min(MAX_WAIT_MS, Math.ceil(ms)) : void 0;
}

// src/provider-kit/http-error.ts
function httpError(failure) {
  const { status, headers, nowMs } = failure;
  const seen = { ...readErrorBody(failure.bodyText), status };
  const finding = { ...kindOf(seen), ...failure.classify?.(seen, nowMs) };
  const told = shouldRetry(headers);
  const mayWait = told || status === 408 || status === 409 || status === 425 || status === 429 || status >= 500;
  return toError(failure, seen, {
    ...finding,
    status,
    retryable: told ?? finding.retryable,
    retryAfterMs: finding.retryAfterMs ?? (mayWait ? retryAfterMs(headers, nowMs) : void 0),
    upstreamRequestId: headers.get("request-id") ?? headers.get("x-request-id") ?? seen.requestId
  });
}
function inBandError(failure) {
  const body = errorBodyOf(failure.body);
  const seen = { ...body, status: inBandStatus(body) };
  const finding = { ...kindOf(seen), ...failure.classify?.(seen, failure.nowMs) };
  return toError(failure, seen, {
    ...finding,
    upstreamRequestId: body.requestId ?? failure.upstreamRequestId
  });
}
function toError(context, seen, ruling) {
  const { provider: provider2, model: model2, secrets = [], lifecycle, nowMs } = context;
  const { code, status, retryable, retryAfterMs: retryAfterMs2, upstreamRequestId } = ruling;
  const retired = code === "model_not_found" && isRetired(lifecycle, nowMs) ? lifecycle : void 0;
  const upstream = redact(seen.message, secrets);
  const word = (text2) => harmless(text2, secrets);
  return new ProviderError({
    provider: provider2,
    model: model2,
    code,
    status,
    retryable,
    retryAfterMs: retryAfterMs2,
    upstreamRequestId: word(upstreamRequestId),
    reason: retired ? "model_retired" : ruling.reason ?? word(notANumber(seen.code)),
    param: ruling.param ?? word(seen.param),
    phase: code === "timeout" ? "upstream" : void 0,
    message: failureMessage({ code, status, model: model2, retryAfterMs: retryAfterMs2, upstream, retired })
  });
}
function isRetired(lifecycle, nowMs) {
  return lifecycle?.retired !== void 0 && Date.parse(lifecycle.retired) <= nowMs;
}
function harmless(text2, secrets) {
  if (text2 === void 0 || !/^[\w.:[\]-]{1,128}$/.test(text2)) return void 0;
  return redact(text2, secrets) === text2 ? text2 : void 0;
}
function notANumber(code) {
  return code !== void 0 && /^\d+$/.test(code) ? void 0 : code;
}

// src/provider-kit/sse.ts
import { createParser } from "eventsource-parser";
var MAX_EVENT_CHARS = 64 * 1024 * 1024;
var SseDecoder = class {
  #decoder = new TextDecoder();
  #wholeLines = lineEnder();
  #feed;
  #data = [];
  #failure;
  /** @param maxEventChars - one event may have; @default 64 Mi */
  constructor(provider2, maxEventChars = MAX_EVENT_CHARS) {
    const parser = createParser({
      onEvent: (event) => this.#data.push(event.data),
      onError: (error) => {
        if (error.type === "max-buffer-size-exceeded") this.#failure ??= tooLarge(provider2, maxEventChars);
      },
      maxBufferSize: maxEventChars
    });
    this.#feed = (text2) => parser.feed(text2);
  }
  /** Set once an event is larger than allowed: nothing after it can be read. */
  get failure() {
    return this.#failure;
  }
  /** The events that these chunks complete; none when they end inside one. */
  decode(chunks) {
    this.#data = [];
    if (this.#failure) return this.#data;
    const bytes = chunks.length === 1 ? chunks[0] : concat(chunks);
    this.#feed(this.#wholeLines(this.#decoder.decode(bytes, { stream: true })));
    return this.#data;
  }
};
function lineEnder() {
  let completed = false;
  return (text2) => {
    if (text2 === "") return text2;
    const rest = completed && text2.startsWith("\n") ? text2.slice(1) : text2;
    completed = rest.endsWith("\r");
    return completed ? `${rest}
` : rest;
  };
}
function concat(chunks) {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at2 = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at2);
    at2 += chunk.length;
  }
  return joined;
}
function tooLarge(provider2, maxEventChars) {
  return new ProviderError({
    provider: provider2,
    code: "bad_response",
    message: `one event is larger than ${maxEventChars} characters`
  });
}

// src/provider-kit/sdk-fetch.ts
var SdkCall = class {
  signal;
  connectMs;
  /** Set when the response head is in. */
  response;
  /** What the transport threw, before the SDK wrapped it. */
  failure;
  constructor(signal, connectMs) {
    this.signal = signal;
    this.connectMs = connectMs;
  }
};
function sdkFetch(transport, allowsHeader = () => true) {
  return async function fetchThroughTransport(url, init = {}) {
    const call = callOf(init);
    try {
      const response = await transport.send({
        url: typeof url === "string" ? url : url instanceof URL ? url.href : url.url,
        method: init.method ?? "GET",
        headers: allowed(init.headers, allowsHeader),
        body: typeof init.body === "string" ? init.body : void 0,
        signal: call?.signal ?? init.signal ?? new AbortController().signal,
        connectMs: call?.connectMs
      });
      if (call) call.response = response;
      return standIn(response);
    } catch (error) {
      if (call) call.failure = error;
      throw error;
    }
  };
}
function allowed(headers, allowsHeader) {
  const kept = {};
  for (const [name, value] of headers instanceof Headers ? headers : new Headers(headers)) {
    if (allowsHeader(name)) kept[name] = value;
  }
  return kept;
}
function callOf(init) {
  return "call" in init && init.call instanceof SdkCall ? init.call : void 0;
}
function standIn(response) {
  const { status, headers } = response;
  return { ok: true, status, headers, body: null, url: "" };
}

// src/provider-kit/secret.ts
var Secret = class {
  #value;
  constructor(value) {
    this.#value = value;
  }
  /** The key itself, for the one place that sends it. */
  reveal() {
    return this.#value;
  }
  toString() {
    return "[secret]";
  }
  toJSON() {
    return "[secret]";
  }
};
Object.defineProperty(Secret.prototype, /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom"), {
  value: () => "[secret]"
});

// src/provider-kit/wire.ts
var RecordHeaders = class {
  #record;
  constructor(record3) {
    this.#record = record3;
  }
  get(name) {
    const key = name.toLowerCase();
    const value = Object.hasOwn(this.#record, key) ? this.#record[key] : void 0;
    if (value === void 0) return null;
    return typeof value === "string" ? value : value.join(", ");
  }
  *entries() {
    for (const name of Object.keys(this.#record)) {
      const value = this.get(name);
      if (value !== null) yield [name, value];
    }
  }
};

// src/provider-kit/exchange.ts
var HIGH_WATER_BYTES = 64 * 1024;
var FINISH_GRACE_MS = 100;
var StaleConnection = class extends ProviderError {
  constructor(provider2) {
    super({ provider: provider2, code: "connection", message: "the kept connection had been closed" });
  }
};
var Exchange = class {
  status = 0;
  headers = new RecordHeaders({});
  /** Settles when the head is in, or when it will never be. */
  head;
  #provider;
  #signal;
  #settleHead;
  #controller;
  /** Until the request goes out the connect timer, after `finish` its grace. */
  #timer;
  #answered = false;
  #queue = [];
  #queuedBytes = 0;
  #paused = false;
  #wake;
  #ended = false;
  #failure;
  #unwanted = false;
  constructor(provider2, request) {
    this.#provider = provider2;
    this.#signal = request.signal;
    this.head = new Promise((resolve, reject) => {
      this.#settleHead = { resolve, reject };
    });
    this.#signal.addEventListener("abort", this.#onAbort);
  }
  /** Starts the connect timer, unless a connection was free and the request is on its way already. */
  armConnectTimer(connectMs) {
    if (this.#controller || this.#ended) return;
    this.#timer = setTimeout(() => this.#fail(connectTimeout(this.#provider, connectMs)), connectMs);
  }
  read() {
    return new Promise((resolve, reject) => {
      const settle2 = () => {
        if (this.#queue.length > 0) resolve(this.#take());
        else if (this.#failure !== void 0) reject(this.#failure);
        else resolve(void 0);
      };
      if (this.#queue.length > 0 || this.#ended || this.#unwanted) settle2();
      else this.#wake = () => queueMicrotask(settle2);
    });
  }
  finish() {
    if (this.#ended || this.#unwanted) return;
    this.#unwanted = true;
    this.#queue = [];
    this.#release();
    this.#rouse();
    this.#timer = setTimeout(() => this.#controller?.abort(new Error("unwanted")), FINISH_GRACE_MS);
    if (this.#paused) this.#controller?.resume();
  }
  onRequestStart(controller) {
    this.#controller = controller;
    clearTimeout(this.#timer);
    if (this.#ended) controller.abort(new Error("given up"));
  }
  /** The first byte of an answer, be it one with status 1xx. */
  onResponseStarted() {
    this.#answered = true;
  }
  onResponseStart(_controller, status, headers) {
    if (status < 200) return;
    this.status = status;
    this.headers = new RecordHeaders(headers);
    this.#settleHead?.resolve(this);
    this.#settleHead = void 0;
  }
  onResponseData(controller, chunk) {
    if (this.#unwanted) return;
    this.#queue.push(chunk);
    this.#queuedBytes += chunk.length;
    if (this.#wake) this.#rouse();
    else if (this.#queuedBytes >= HIGH_WATER_BYTES && !this.#paused) {
      this.#paused = true;
      controller.pause();
    }
  }
  onResponseEnd() {
    this.#end(void 0);
  }
  onResponseError(_controller, error) {
    if (!this.#answered && hadServed(error)) this.#end(new StaleConnection(this.#provider));
    else this.#end(transportError(this.#provider, error, this.#settleHead ? "head" : "body"));
  }
  #onAbort = () => this.#fail(this.#signal.reason);
  /** Ends the exchange from our side. */
  #fail(error) {
    if (this.#ended) return;
    this.#queue = [];
    this.#end(error);
    this.#controller?.abort(new Error("given up"));
  }
  #end(failure) {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#release();
    this.#settleHead?.reject(failure ?? transportError(this.#provider, void 0, "head"));
    this.#settleHead = void 0;
    this.#rouse();
  }
  #release() {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
  #rouse() {
    const wake = this.#wake;
    this.#wake = void 0;
    wake?.();
  }
  #take() {
    const taken = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#controller?.resume();
    }
    return taken;
  }
};
function hadServed(error) {
  if (!("socket" in error) || typeof error.socket !== "object" || error.socket === null) return false;
  const { socket } = error;
  return "bytesRead" in socket && typeof socket.bytesRead === "number" && socket.bytesRead > 0;
}

// src/provider-kit/transport.ts
var DEFAULT_CONNECT_MS = 1e4;
function createTransport(options) {
  let agent;
  let closed3 = false;
  const ready = (connectMs) => {
    agent ??= import("undici").then(({ Agent, buildConnector }) => {
      const connect = buildConnector({ timeout: Math.max(connectMs, DEFAULT_CONNECT_MS) });
      return new Agent({ ...agentOptions(options), connect: tellingBytesRead(connect) });
    });
    return agent;
  };
  return {
    async send(request) {
      if (closed3) throw closedError(options.provider);
      const dispatcher = await ready(request.connectMs ?? DEFAULT_CONNECT_MS);
      try {
        return await exchange(dispatcher, options.provider, request);
      } catch (error) {
        if (!(error instanceof StaleConnection)) throw error;
        return await exchange(dispatcher, options.provider, request);
      }
    },
    async close() {
      closed3 = true;
      await (await agent)?.destroy();
    }
  };
}
function closedError(provider2) {
  return new ProviderError({ provider: provider2, code: "connection", message: "closed", retryable: false });
}
function agentOptions({ connections, keepAliveMs }) {
  return {
    headersTimeout: 0,
    bodyTimeout: 0,
    ...connections !== void 0 && { connections },
    ...keepAliveMs !== void 0 && { keepAliveTimeout: keepAliveMs }
  };
}
function tellingBytesRead(connect) {
  return (target, callback) => connect(target, (...result) => {
    const [, socket] = result;
    socket?.once("error", (error) => Object.assign(error, { socket: { bytesRead: socket.bytesRead } }));
    callback(...result);
  });
}
function exchange(dispatcher, provider2, request) {
  request.signal.throwIfAborted();
  const { origin, pathname, search } = new URL(request.url);
  const handler = new Exchange(provider2, request);
  dispatcher.dispatch(
    {
      origin,
      path: pathname + search,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null
    },
    handler
  );
  handler.armConnectTimer(request.connectMs ?? DEFAULT_CONNECT_MS);
  return handler.head;
}

// src/providers/anthropic/decode/whole-block.ts
function eventsOfBlock(block, index) {
  const hasInput = "input" in block;
  const delta2 = { type: "input_json_delta", partial_json: block["input"] ?? {} };
  return [
    { type: "content_block_start", index, content_block: hasInput ? { ...block, input: {} } : block },
    ...hasInput ? [{ type: "content_block_delta", index, delta: delta2 }] : [],
    { type: "content_block_stop", index }
  ];
}

// src/providers/anthropic/decode/read-message.ts
function readMessage(message2, reducer, out) {
  if (!isRecord(message2)) throw reducer.badResponse("the answer is not a message");
  const { content: content2, stop_reason: stopReason, usage } = message2;
  if (!Array.isArray(content2)) {
    reducer.push(message2, out);
    throw reducer.badResponse("the answer is not a message");
  }
  if (typeof stopReason !== "string" || stopReason === "")
    throw reducer.badResponse("the answer has no stop reason");
  const head2 = { ...message2, content: [], stop_reason: null };
  reducer.push({ type: "message_start", message: head2 }, out);
  for (const [index, block] of content2.entries()) {
    if (isRecord(block)) for (const event of eventsOfBlock(block, index)) reducer.push(event, out);
  }
  reducer.push({ type: "message_delta", delta: message2, usage }, out);
  reducer.push({ type: "message_stop" }, out);
}

// src/providers/anthropic/messages-failure.ts
var byErrorCode = {
  organization_on_hold: { code: "permission" },
  cmek_key_disabled: { code: "permission" },
  cmek_key_network_blocked: { code: "permission" },
  sandbox_egress_restricted: { code: "invalid_request" },
  // No `retry-after` comes with these, and no waiting within a request helps (BUG-85).
  contract_spend_limit_reached: { code: "quota_exhausted", reason: "insufficient_quota" },
  enforced_spend_limit_reached: { code: "quota_exhausted", reason: "insufficient_quota" },
  ramp_limit_exceeded: { code: "rate_limited", reason: "rate_limit_exceeded" }
};
var resetsMonthly = /* @__PURE__ */ new Set([
  "contract_spend_limit_reached",
  "enforced_spend_limit_reached"
]);
var byText = [
  [/invalid `?signature`? in `?thinking`? block/i, "invalid_thinking_signature"],
  [/bound to a different conversation/i, "invalid_thinking_signature"],
  [/blocks in the latest assistant message cannot be modified/i, "invalid_thinking_signature"],
  [/extra inputs are not permitted/i, "unsupported_parameter"],
  [/not supported (?:for|on|by|with) this model|this model does not support/i, "unsupported_parameter"],
  [/schema is too complex/i, "invalid_json_schema"]
];
var leadingPath = /^([a-z_]\w*(?:\.\w+)*): /;
var regainDate = /regain access on (\d{4}-\d\d-\d\d)(?: at (\d\d:\d\d))?/i;
function classifyMessagesFailure(failure, nowMs, toCallerPath) {
  const { status, message: message2 } = failure;
  const errorCode = errorCodeOf(failure);
  const param = paramOf(failure, toCallerPath);
  const regainMs = untilRegained(message2, errorCode, nowMs);
  const textual = status === 400 ? byText.find(([text2]) => text2.test(message2))?.[1] : void 0;
  const reason = errorCode ?? textual ?? (status === 402 ? "billing_error" : void 0);
  return {
    ...reason !== void 0 && { reason },
    ...errorCode !== void 0 && findingOf(errorCode),
    ...param !== void 0 && { param },
    ...regainMs !== void 0 && { retryAfterMs: regainMs }
  };
}
function findingOf(errorCode) {
  if (errorCode.startsWith("claude_code_")) return { code: "permission" };
  return Object.hasOwn(byErrorCode, errorCode) ? byErrorCode[errorCode] : void 0;
}
function errorCodeOf({ details }) {
  const code = details?.["error_code"];
  return typeof code === "string" && /^[a-z0-9_]{1,64}$/.test(code) ? code : void 0;
}
function paramOf(failure, toCallerPath) {
  const { status, message: message2, details } = failure;
  if (status === void 0 || status < 400 || status > 422) return void 0;
  const paths = details?.["paths"];
  const told = Array.isArray(paths) ? paths[0] : leadingPath.exec(message2.slice(0, 300))?.[1];
  if (typeof told !== "string") return void 0;
  return toCallerPath?.(told) ?? (/^[a-z_]{1,64}$/.test(told) ? told : void 0);
}
function untilRegained(message2, errorCode, nowMs) {
  const [, day, time = "00:00"] = regainDate.exec(message2) ?? [];
  const date = day === void 0 ? Number.NaN : Date.parse(`${day}T${time}:00Z`);
  if (date > nowMs) return date - nowMs;
  if (errorCode === void 0 || !resetsMonthly.has(errorCode)) return void 0;
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - nowMs;
}

// src/providers/anthropic/errors.ts
function messagesError(status, headers, bodyText, context) {
  return httpError({ ...toFailureContext(context), status, headers, bodyText });
}
function inStreamError(error, context) {
  const { upstreamRequestId } = context;
  return inBandError({ ...toFailureContext(context), body: error, upstreamRequestId });
}
function fromSdkError(error, context) {
  const original = providerErrorIn(error);
  if (original) return original;
  const { provider: provider2, model: model2 } = context;
  const { status, headers, name, error: body } = isRecord(error) ? error : {};
  if (typeof status === "number") {
    return messagesError(status, isHeaderReader(headers) ? headers : noHeaders, toText(body), context);
  }
  if (isRecord(body)) return inStreamError(body, context);
  const known2 = typeof name === "string" && Object.hasOwn(byName, name) ? byName[name] : void 0;
  if (known2) return new ProviderError({ ...known2, provider: provider2, model: model2 });
  return transportError(provider2, error, name === "APIConnectionError" ? "head" : "body");
}
var byName = {
  APIUserAbortError: { code: "connection", message: "aborted", reason: "aborted", retryable: false },
  AbortError: { code: "connection", message: "aborted", reason: "aborted", retryable: false },
  // The SDK's timer is one of ours, and a host that was silent once stays silent.
  APIConnectionTimeoutError: { code: "timeout", message: "no answer in time", retryable: false },
  SyntaxError: { code: "bad_response", message: "the answer is not JSON" },
  // Thrown before anything was sent: credentials, or a call that the SDK does not allow.
  AnthropicError: {
    code: "server_error",
    message: "the SDK refused the call; check the options of this provider",
    reason: "provider_configuration",
    retryable: false
  }
};
var noHeaders = { get: () => null };
function providerErrorIn(error, depth = 4) {
  if (isRunestoneError(error)) return error.name === "ProviderError" ? error : void 0;
  return depth > 0 && error instanceof Error ? providerErrorIn(error.cause, depth - 1) : void 0;
}
function isHeaderReader(value) {
  return isRecord(value) && typeof value["get"] === "function";
}
function toText(body) {
  try {
    return typeof body === "string" ? body : JSON.stringify(body) ?? "";
  } catch {
    return "";
  }
}
function toFailureContext(context) {
  const { provider: provider2, model: model2, secrets, lifecycle, toCallerPath, nowMs = Date.now() } = context;
  return {
    provider: provider2,
    model: model2,
    nowMs,
    lifecycle,
    ...secrets && { secrets },
    classify: (failure, atMs) => classifyMessagesFailure(failure, atMs, toCallerPath)
  };
}

// src/providers/anthropic/answer-reader.ts
var MAX_JSON_BYTES = 64 * 1024 * 1024;
var AnswerReader = class {
  #response;
  #reducer;
  #context;
  #decoder;
  #isStream = false;
  #over = false;
  /** What broke in a read that also brought something: thrown when more is asked for. */
  #failure;
  constructor(response, reducer, context) {
    this.#response = response;
    this.#reducer = reducer;
    this.#context = context;
    this.#decoder = new SseDecoder(context.provider);
  }
  /** The events of the next read, possibly none; `undefined` at the end. */
  async read() {
    if (this.#failure !== void 0) throw this.#failure;
    if (this.#over || this.#reducer.finished) return void 0;
    const chunks = await this.#nextChunks();
    if (this.#isStream || this.#beginsStream(chunks)) return chunks ? this.#decode(chunks) : this.#end();
    this.#over = true;
    return this.#readWhole(chunks);
  }
  /** Damage after the stop reason is no damage to the answer (T38): what breaks then just ends. */
  async #nextChunks() {
    try {
      return await this.#response.read();
    } catch (error) {
      if (!this.#reducer.stopped) throw error;
      return void 0;
    }
  }
  #beginsStream(first) {
    const kind = sniff(first);
    this.#isStream = kind === "sse" || kind === "empty" && first !== void 0;
    if (kind === "html") throw this.#notTheProtocol("a web page came instead of an answer");
    if (first === void 0) throw this.#notTheProtocol("the answer is empty", true);
    return this.#isStream;
  }
  #decode(chunks) {
    const batch = [];
    try {
      for (const data of this.#decoder.decode(chunks)) this.#reducer.push(this.#parse(data), batch);
      if (this.#decoder.failure) throw this.#decoder.failure;
    } catch (error) {
      if (batch.length === 0) throw error;
      this.#failure = error;
    }
    return batch;
  }
  #end() {
    this.#over = true;
    const batch = [];
    this.#reducer.endOfStream(batch);
    return batch;
  }
  async #readWhole(first) {
    const { provider: provider2 } = this.#context;
    const text2 = await readText(this.#response, {
      provider: provider2,
      maxBytes: MAX_JSON_BYTES,
      ...first && { first }
    });
    const message2 = this.#parse(text2);
    if (isRecord(message2) && message2["type"] === "error") throw inStreamError(message2, this.#context);
    const batch = [];
    readMessage(message2, this.#reducer, batch);
    return batch;
  }
  #parse(text2) {
    try {
      return JSON.parse(text2);
    } catch {
      throw this.#notTheProtocol("the answer is not valid JSON");
    }
  }
  #notTheProtocol(message2, retryable = false) {
    const { provider: provider2, model: model2 } = this.#context;
    return new ProviderError({ provider: provider2, model: model2, code: "bad_response", message: message2, retryable });
  }
};

// src/providers/anthropic/client.ts
var NO_TIMEOUT_MS = 2 ** 31 - 1;
var DEFAULT_BASE_URL = "https://api.anthropic.com";
var AnthropicClient = class {
  #provider;
  #options;
  #baseURL;
  #transport;
  #client;
  constructor(provider2, options) {
    const { connections, fetch, baseURL = DEFAULT_BASE_URL, allowHttp } = options;
    this.#provider = provider2;
    this.#options = options;
    this.#baseURL = normalizeBaseURL(baseURL, { provider: provider2, allowHttp });
    this.#transport = fetch ? fetchTransport(provider2, fetch) : createTransport({ provider: provider2, ...connections !== void 0 && { connections } });
  }
  /** Resolves with the raw response, whatever its status. Rejects with what the transport threw. */
  async send(message2) {
    this.#client ??= this.#make();
    const client = await this.#client;
    const call = new SdkCall(message2.signal, message2.connectMs);
    try {
      const response = await client.post(message2.path, {
        body: message2.body,
        headers: message2.headers,
        fetchOptions: { call },
        maxRetries: 0,
        timeout: NO_TIMEOUT_MS,
        stream: false
      }).asResponse();
      return call.response ?? responseToWire(this.#provider, response, message2.signal);
    } catch (error) {
      throw call.failure ?? error;
    }
  }
  /** A request that needs no SDK: the listing of models, for health checks. */
  get({ path, headers, signal, connectMs }) {
    const said = Object.entries(headers).filter((header) => header[1] !== null);
    return this.#transport.send({
      url: this.#baseURL + path,
      method: "GET",
      headers: Object.fromEntries(said),
      signal,
      connectMs
    });
  }
  close() {
    return this.#transport.close();
  }
  async #make() {
    const settings = {
      fetch: sdkFetch(this.#transport, (name) => this.#isOurs(name)),
      maxRetries: 0,
      timeout: NO_TIMEOUT_MS,
      logLevel: "off"
    };
    const { client } = this.#options;
    if (client) return client(settings);
    const { default: Anthropic } = await import("@anthropic-ai/sdk");
    return new Anthropic({
      ...settings,
      baseURL: this.#baseURL,
      // Each request brings its own key; one given here keeps the SDK from looking for others.
      apiKey: "set-by-each-request",
      webhookKey: null,
      openTelemetry: false
    });
  }
  /** `ANTHROPIC_CUSTOM_HEADERS` adds headers behind everybody's back; what is not known here is not sent. */
  #isOurs(name) {
    return OURS.test(name) || Object.keys(this.#options.headers ?? {}).some((own) => own.toLowerCase() === name);
  }
};
var OURS = /^(?:accept|authorization|content-type|user-agent|anthropic-[\w-]+|x-stainless-[\w-]+)$/;

// src/providers/anthropic/claude-host.ts
var API_VERSION = "2026-10-21";
var ClaudeHost = class {
  name;
  keys;
  client;
  #options;
  #ownHeaders;
  /** One object for each way to call; made anew, its spread would be the dearest line of a request. */
  #encodeOptions = /* @__PURE__ */ new Map();
  /** @throws ConfigError when the key is missing or the base URL is not fit for one */
  constructor(options) {
    this.name = options.name ?? "anthropic";
    this.keys = new ApiKeys(this.name, options.apiKey);
    this.client = new AnthropicClient(this.name, options);
    this.#options = options;
    this.#ownHeaders = Object.entries(options.headers ?? {});
  }
  encodeOptions({ stream: stream2, strict, retiredModels: retiredModels2 }) {
    const way = `${stream2} ${strict} ${retiredModels2}`;
    let options = this.#encodeOptions.get(way);
    if (!options) {
      options = { ...this.#options, provider: this.name, stream: stream2, strict, retiredModels: retiredModels2 };
      this.#encodeOptions.set(way, options);
    }
    return options;
  }
  /** T-4: a name given here wins over one from the environment, and `null` keeps it out. */
  headers(apiKey, encoded) {
    const headers = {};
    for (const [name, value] of this.#ownHeaders) headers[name] = value;
    if (encoded) for (const name in encoded.headers) headers[name] = encoded.headers[name] ?? null;
    headers["anthropic-version"] = this.#options.apiVersion ?? API_VERSION;
    headers["anthropic-beta"] = encoded && encoded.betas.length > 0 ? encoded.betas.join(",") : null;
    headers["authorization"] = `Bearer ${apiKey}`;
    return headers;
  }
};

// src/providers/anthropic/decode/fence-hold.ts
var FENCE = "```";
var FenceHold = class {
  #held = "";
  #state = "undecided";
  /** The part of the answer that may pass now, possibly empty. */
  push(text2) {
    if (this.#state === "plain") return text2;
    this.#held += text2;
    if (this.#state === "fenced") return "";
    const start = this.#held.trimStart();
    if (start.startsWith(FENCE)) this.#state = "fenced";
    else if (!FENCE.startsWith(start)) {
      this.#state = "plain";
      return this.#held;
    }
    return "";
  }
  /** The rest, without its fence if the whole answer was one block. */
  end() {
    const rest = this.#state === "plain" ? "" : this.#held;
    this.#held = "";
    return unfenced(rest) ?? rest;
  }
};
function unfenced(text2) {
  const block = text2.trim();
  const lineEnd = block.indexOf("\n");
  if (lineEnd < 0 || !/^```[\w-]*\s*$/.test(block.slice(0, lineEnd)) || !block.endsWith(`
${FENCE}`)) {
    return void 0;
  }
  const inner = block.slice(lineEnd + 1, -FENCE.length).trim();
  return /^[ \t]*```/m.test(inner) ? void 0 : inner;
}

// src/providers/anthropic/decode/answer-so-far.ts
var AnswerSoFar = class {
  reading;
  annotations = [];
  /** UTF-16 length of the text told so far: where the next block's text begins. */
  textLength = 0;
  /** A thinking block was seen, readable or not. */
  thought = false;
  /** The model that took over in the middle (STR-12d). */
  servedBy;
  #provider;
  #callIds = [];
  #fence;
  #voidCalls = 0;
  #owed = [];
  constructor(provider2, reading) {
    this.#provider = provider2;
    this.reading = reading;
    this.#fence = reading.jsonFence ? new FenceHold() : void 0;
  }
  /** Tells text of the answer. */
  say(text2, out) {
    const told = this.#fence ? this.#fence.push(text2) : text2;
    if (told === "") return;
    this.textLength += told.length;
    out.push({ type: "text_delta", text: told });
  }
  /** Tells the text that was held back, at the end of the answer. */
  sayRest(out) {
    const rest = this.#fence?.end();
    if (rest) out.push({ type: "text_delta", text: rest });
  }
  /** The place of a new call among the client's calls, dense from 0 (STR-11); never Anthropic's block index. */
  addCall(id) {
    return this.#callIds.push(id) - 1;
  }
  hasCall(id) {
    return this.#callIds.includes(id);
  }
  /** Calls the caller is to execute. */
  get validCalls() {
    return this.#callIds.length - this.#voidCalls;
  }
  get voidCallIds() {
    return this.#callIds.slice(0, this.#voidCalls);
  }
  /** The calls told so far are not to be executed: another model took over, or the answer was refused. */
  voidCalls() {
    this.#voidCalls = this.#callIds.length;
  }
  /**
   * Puts off what is to be told of a call without arguments (STR-12a): only what follows shows whether it has
   * none, or the answer was cut before they came.
   */
  owe(tell) {
    this.#owed.push(tell);
  }
  /** Tells what was put off. */
  settle(out) {
    if (this.#owed.length === 0) return;
    for (const tell of this.#owed) tell(out);
    this.#owed = [];
  }
  /** The error for an answer that breaks the protocol. */
  badResponse(message2) {
    return new ProviderError({ code: "bad_response", provider: this.#provider, message: message2 });
  }
  /** The error for an answer that says it is over without saying why; `stop` is never invented (STR-19). */
  truncated() {
    const message2 = "the answer ended without a stop reason";
    return new ProviderError({ code: "stream_truncated", provider: this.#provider, message: message2 });
  }
};

// src/providers/anthropic/encode/well-formed.ts
var ENGINE_HAS_METHODS = "isWellFormed" in String.prototype;
function hasMethods(_text) {
  return ENGINE_HAS_METHODS;
}
function isWellFormed(text2) {
  return !hasMethods(text2) || text2.isWellFormed();
}
function toWellFormed2(text2) {
  return hasMethods(text2) ? text2.toWellFormed() : text2;
}
function wellFormedJson(value) {
  if (typeof value === "string") return isWellFormed(value) ? value : toWellFormed2(value);
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
    Object.entries(object).map(([key, value]) => [toWellFormed2(key), changed.get(key) ?? value])
  );
}
function isTooDeep(value, levels = MAX_JSON_DEPTH) {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((member) => isTooDeep(member, levels - 1));
}

// src/providers/anthropic/decode/native-message.ts
function nativeMessage(parts) {
  const { head: head2, container, stop, usage, answer } = parts;
  const { voidCallIds } = answer;
  const members = {
    content: contentOf(parts.blocks),
    model: head2["model"],
    stop_reason: stop.reason,
    stop_sequence: stop.sequence,
    stop_details: stop.details,
    container: container ?? head2["container"],
    service_tier: usage["service_tier"],
    usage: Object.keys(usage).length > 0 ? usage : void 0,
    ephemeral_prompt: answer.reading.ephemeralPrompt || void 0,
    served_by: answer.servedBy,
    void_tool_calls: voidCallIds.length > 0 ? voidCallIds : void 0
  };
  const native = Object.fromEntries(Object.entries(members).filter(([, value]) => (value ?? null) !== null));
  if (isTooDeep(native)) throw answer.badResponse("the answer is nested too deeply");
  return native;
}
function contentOf(blocks) {
  if (blocks.every((block) => block.plain())) return void 0;
  const content2 = blocks.map((block) => block.native());
  return content2.every((block) => block !== void 0) ? content2 : void 0;
}

// src/providers/anthropic/decode/stop-reason.ts
function mergeStop(earlier, delta2) {
  const reason = delta2["stop_reason"] || earlier?.reason;
  if (typeof reason !== "string") return earlier;
  return {
    reason,
    sequence: delta2["stop_sequence"] ?? earlier?.sequence,
    details: delta2["stop_details"] ?? earlier?.details
  };
}
function finishReasonOf(stopReason, hasCalls) {
  switch (stopReason) {
    case "end_turn":
    case "stop_sequence":
    case "tool_use":
      return hasCalls ? "tool_calls" : "stop";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "content_filter";
    // The turn goes on when its content is sent back; OpenAI has no word for that.
    case "pause_turn":
    case "compaction":
      return "stop";
    default:
      return void 0;
  }
}
function isCut(stopReason) {
  return finishReasonOf(stopReason, false) === "length";
}
function refusalText(details) {
  const { explanation, category } = isRecord(details) ? details : {};
  if (typeof explanation === "string" && explanation !== "") return explanation;
  const declined = "The model declined to answer.";
  return typeof category === "string" ? `${declined} Category: ${category}.` : declined;
}

// src/providers/anthropic/decode/ending.ts
function tellEnding(parts, out) {
  const { answer, stop } = parts;
  const { annotations } = answer;
  const refused2 = stop.reason === "refusal";
  if (!isCut(stop.reason)) answer.settle(out);
  answer.sayRest(out);
  if (refused2) {
    out.push({ type: "refusal_delta", text: refusalText(stop.details) });
    answer.voidCalls();
  }
  if (annotations.length > 0) out.push({ type: "annotations", annotations });
  warn(parts, out);
  out.push({ type: "vendor", provider: "anthropic", data: nativeMessage(parts) });
  const reason = finishReasonOf(stop.reason, answer.validCalls > 0) ?? "stop";
  out.push({ type: "finish", reason, raw: stop.reason });
}
function warn({ answer, stop }, out) {
  const tell = (code, message2, param) => {
    out.push({ type: "warning", warning: { code, message: message2, ...param && { param } } });
  };
  if (answer.servedBy !== void 0 && answer.voidCallIds.length > 0) {
    tell("void_tool_calls", "another model took over: tool calls made before that are not to be executed");
  }
  if (answer.reading.ephemeralPrompt && answer.validCalls === 0 && stop.reason === "end_turn") {
    tell("forced_tool_choice_unmet", "the model answered without the tool call asked for", "tool_choice");
  }
  if (finishReasonOf(stop.reason, false) === void 0) {
    tell("unknown_stop_reason", "the answer ended for a reason this version does not know; told as `stop`");
  }
}

// src/providers/anthropic/decode/billable-tokens.ts
var COUNTED = [
  "input_tokens",
  "output_tokens",
  "cache_read_input_tokens",
  "cache_creation_input_tokens"
];
function billableTokens(iterations) {
  const sums = {};
  for (const iteration of iterations) {
    if (!isRecord(iteration)) continue;
    for (const key of COUNTED) {
      const count = tokenCount(iteration[key]);
      if (count !== void 0) sums[`billable_${key}`] = (sums[`billable_${key}`] ?? 0) + count;
    }
  }
  return sums;
}

// src/providers/anthropic/decode/message-usage.ts
var figures = [
  ["input", ["input_tokens"]],
  ["output", ["output_tokens"]],
  ["thinking", ["output_tokens_details", "thinking_tokens"]],
  ["cacheRead", ["cache_read_input_tokens"]],
  ["cacheWrite", ["cache_creation_input_tokens"]],
  ["write5m", ["cache_creation", "ephemeral_5m_input_tokens"]],
  ["write1h", ["cache_creation", "ephemeral_1h_input_tokens"]],
  ["searches", ["server_tool_use", "web_search_requests"]],
  ["fetches", ["server_tool_use", "web_fetch_requests"]]
];
var MessageUsage = class {
  /** The last figure that can be trusted, for each. */
  #known = {};
  #native = {};
  /** @param placeholder - from `message_start`, whose `output_tokens` is a stand-in and never told (USE-7) */
  merge(usage, placeholder) {
    if (!isRecord(usage)) return;
    const told = Object.entries(usage).filter(([, value]) => value !== null);
    this.#native = Object.fromEntries([...Object.entries(this.#native), ...told]);
    for (const [figure, path] of figures) {
      if (figure === "output" && placeholder) continue;
      const count = tokenCount(valueAt2(usage, path));
      if (count !== void 0) this.#known[figure] = count;
    }
  }
  /** The report as Anthropic worded it, merged. */
  get native() {
    return this.#native;
  }
  /** What is known so far, in disjoint buckets; `undefined` while nothing is, for 0 would be a claim. */
  read(state) {
    const { input, output, cacheRead, searches, fetches } = this.#known;
    if (Object.keys(this.#known).length === 0) return void 0;
    const modifiers = this.#modifiers();
    const providerSpecific2 = this.#iterations();
    return defined({
      inputTokens: input,
      cacheReadTokens: cacheRead,
      cacheWrite5mTokens: this.#written5m(),
      cacheWrite1hTokens: this.#written1h(),
      outputTokens: output,
      reasoningTokens: this.#reasoning(state),
      serverTools: searches === void 0 && fetches === void 0 ? void 0 : defined({ webSearchRequests: searches, webFetchRequests: fetches }),
      modifiers: Object.keys(modifiers).length > 0 ? modifiers : void 0,
      billed: state.unbilled ? false : void 0,
      partial: state.stopped ? void 0 : true,
      providerSpecific: providerSpecific2
    });
  }
  /** Writes without a stated life count as 5 minutes, the default life. Later totals come without a split. */
  #written5m() {
    const { cacheWrite, write5m } = this.#known;
    return cacheWrite === void 0 ? write5m : cacheWrite - (this.#written1h() ?? 0);
  }
  #written1h() {
    const { cacheWrite, write1h } = this.#known;
    return write1h !== void 0 && cacheWrite !== void 0 ? Math.min(write1h, cacheWrite) : write1h;
  }
  /** USE-5: unreported reasoning is nothing when no thinking was seen, and unknown otherwise. */
  #reasoning({ stopped, thought }) {
    const { output, thinking } = this.#known;
    if (thinking !== void 0) return output === void 0 || thinking <= output ? thinking : void 0;
    return stopped && !thought && output !== void 0 ? 0 : void 0;
  }
  /** RES-13: words as reported; what they do to a price is the price table's to know. */
  #modifiers() {
    const { service_tier: serviceTier, speed, inference_geo: inferenceGeo } = this.#native;
    return defined({
      serviceTier: typeof serviceTier === "string" ? serviceTier : void 0,
      speed: typeof speed === "string" ? speed : void 0,
      inferenceGeo: typeof inferenceGeo === "string" ? inferenceGeo : void 0
    });
  }
  /** USE-9: the top-level figures are those of the last iteration only; what is billed is the sum. */
  #iterations() {
    const { iterations } = this.#native;
    if (!Array.isArray(iterations) || iterations.length === 0 || isTooDeep(iterations)) return void 0;
    return { iterations, ...billableTokens(iterations) };
  }
};
function valueAt2(usage, path) {
  return path.reduce((value, key) => isRecord(value) ? value[key] : void 0, usage);
}
function defined(values) {
  const known2 = {};
  for (const key in values) {
    const value = values[key];
    if (isDefined(value)) known2[key] = value;
  }
  return known2;
}
function isDefined(value) {
  return value !== void 0;
}

// src/providers/anthropic/decode/tool-input.ts
var ToolInput = class {
  #start;
  #answer;
  /** Grows by concatenation, which engines do without copying. */
  #text = "";
  constructor(start, answer) {
    this.#start = start;
    this.#answer = answer;
  }
  /** What a delta adds, possibly nothing. Fragments split anywhere and are passed on unread (STR-12). */
  add(delta2) {
    if (delta2["type"] !== "input_json_delta") return "";
    const fragment = this.#toText(delta2["partial_json"]);
    this.#text += fragment;
    return fragment;
  }
  /**
   * What the start event held, if no delta has said anything (STR-11). A start event's empty object says nothing:
   * written out before the deltas it would spoil them (BUG-1).
   */
  rest() {
    const { input } = this.#start;
    if (this.#text !== "" || isEmptyObject(input)) return "";
    this.#text = this.#toText(input);
    return this.#text;
  }
  /** All of it, as JSON text; `''` when nothing came. */
  get text() {
    return this.#text;
  }
  /** The call as a whole message would hold it; `undefined` when the text is not JSON, for it is never repaired. */
  native() {
    if (this.#text === "") return this.#start;
    try {
      return { ...this.#start, input: JSON.parse(this.#text) };
    } catch {
      return void 0;
    }
  }
  /** Some hosts send the input itself where its JSON text belongs (G5). */
  #toText(input) {
    if (typeof input === "string") return input;
    if (typeof input !== "object" || input === null) return "";
    if (isTooDeep(input)) throw this.#answer.badResponse("a tool input is nested too deeply");
    return JSON.stringify(input);
  }
};
function isEmptyObject(value) {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

// src/providers/anthropic/decode/opaque-block.ts
var OpaqueBlock = class {
  #block;
  /** For what a provider-run tool is given; it streams like a client's (STR-12b). */
  #input;
  constructor(start, answer) {
    this.#block = start;
    this.#input = "input" in start ? new ToolInput(start, answer) : void 0;
  }
  delta(delta2, _out) {
    this.#input?.add(delta2);
    if (delta2["type"] !== "compaction_delta" || this.#block["type"] !== "compaction") return;
    const { type: _, ...final } = delta2;
    this.#block = { ...this.#block, ...final };
  }
  /** Nothing to tell: result blocks came complete in their start event. */
  close() {
  }
  plain() {
    return false;
  }
  /** Verbatim: encrypted parts are refused by the API when as much as a key is missing (BUG-6, BUG-7). */
  native() {
    return this.#input ? this.#input.native() : this.#block;
  }
};

// src/providers/anthropic/decode/url-citation.ts
function toUrlCitation(citation, startIndex, endIndex) {
  if (!isRecord(citation) || citation["type"] !== "web_search_result_location") return void 0;
  const { url, title } = citation;
  if (typeof url !== "string") return void 0;
  return {
    type: "url_citation",
    url_citation: {
      url,
      title: typeof title === "string" ? title : "",
      start_index: startIndex,
      end_index: endIndex
    }
  };
}

// src/providers/anthropic/decode/text-block.ts
var TextBlock = class {
  #start;
  #answer;
  /** Where this text begins in the whole answer, in UTF-16 units: what annotations count in. */
  #startIndex;
  #citations;
  #text = "";
  constructor(start, answer, out) {
    this.#start = start;
    this.#answer = answer;
    this.#startIndex = answer.textLength;
    this.#citations = Array.isArray(start["citations"]) ? [...start["citations"]] : [];
    this.#add(start["text"], out);
  }
  /** The hot path of the whole library: one comparison, one string added, one event. */
  delta(delta2, out) {
    const type = delta2["type"];
    if (type === "text_delta") this.#add(delta2["text"], out);
    else if (type === "citations_delta") this.#citations.push(delta2["citation"]);
  }
  /** RES-10: a citation covers the whole text of the block that carries it. */
  close() {
    const end = this.#startIndex + this.#text.length;
    for (const citation of this.#citations) {
      const annotation = toUrlCitation(citation, this.#startIndex, end);
      if (annotation) this.#answer.annotations.push(annotation);
    }
  }
  /** Citations are more than an OpenAI text can say, whatever their kind (RES-10). */
  plain() {
    return this.#citations.length === 0;
  }
  /** An uncited block keeps the `null` or the absence it started with, as the SDK does (STR-24). */
  native() {
    const citations = this.#citations.length > 0 ? { citations: this.#citations } : {};
    return { ...this.#start, text: this.#text, ...citations };
  }
  /** STR-5: an empty text says nothing, and would commit an answer that has none. */
  #add(text2, out) {
    if (typeof text2 !== "string" || text2 === "") return;
    this.#text += text2;
    this.#answer.say(text2, out);
  }
};

// src/providers/anthropic/decode/thinking-block.ts
var SignedThinking = class {
  #start;
  #answer;
  #thinking = "";
  #signature = "";
  /** STR-7: both start empty on the API; what is there all the same counts as a delta. */
  constructor(start, answer, out) {
    this.#start = start;
    this.#answer = answer;
    answer.thought = true;
    this.#think(start["thinking"], out);
    this.#sign(start["signature"]);
  }
  delta(delta2, out) {
    const type = delta2["type"];
    if (type === "thinking_delta") this.#think(delta2["thinking"], out);
    else if (type === "signature_delta") this.#sign(delta2["signature"]);
  }
  /** STR-10. An unsigned block is of no use in the next turn: the API refuses it (BUG-18). */
  close(out) {
    if (this.#signature === "") return;
    const block = { type: "thinking", thinking: this.#thinking, signature: this.#signature };
    out.push({ type: "thinking_block", block });
  }
  /** The place of a block between texts and calls matters, and only the native form keeps it (TH-13). */
  plain() {
    return false;
  }
  /** Verbatim, unsigned or not: hosts that do not sign want their block back as it was. */
  native() {
    return { ...this.#start, thinking: this.#thinking, signature: this.#signature };
  }
  /** STR-8. Hidden reasoning is kept for the signed block, and told to nobody (TH-11). */
  #think(text2, out) {
    if (typeof text2 !== "string" || text2 === "") return;
    this.#thinking += text2;
    if (this.#answer.reading.exposeReasoning) out.push({ type: "reasoning_delta", text: text2 });
  }
  /** STR-9: pieces are joined, whether or not there is ever more than one. */
  #sign(signature) {
    if (typeof signature === "string") this.#signature += signature;
  }
};

// src/providers/anthropic/reading.ts
var JSON_TOOL_NAME = "json_response";

// src/providers/anthropic/decode/tool-block.ts
function startTool(start, answer, out) {
  const { name, id } = start;
  if (typeof name !== "string" || name === "" || typeof id !== "string" || id === "") {
    throw answer.badResponse("a tool call has no name or no id");
  }
  const { jsonTool: jsonTool2, customTools, toolNames } = answer.reading;
  if (jsonTool2 && name === JSON_TOOL_NAME) return new JsonAnswer(start, answer);
  if (answer.hasCall(id)) return new OpaqueBlock(start, answer);
  const call = { index: answer.addCall(id), id, name: toolNames.get(name) ?? name };
  return customTools.has(name) ? new CustomCall(start, answer, call) : new FunctionCall(start, answer, call, out);
}
var ToolBlock = class {
  input;
  answer;
  #start;
  constructor(start, answer) {
    this.#start = start;
    this.answer = answer;
    this.input = new ToolInput(start, answer);
  }
  /** A call made from code, or of a toolset, has to go back the way it came (RES-7). */
  plain() {
    const { caller, toolset_name: toolset } = this.#start;
    return (!isRecord(caller) || caller["type"] === "direct") && (toolset ?? null) === null;
  }
  native() {
    return this.input.native();
  }
};
var FunctionCall = class extends ToolBlock {
  #index;
  constructor(start, answer, { index, id, name }, out) {
    super(start, answer);
    this.#index = index;
    out.push({ type: "tool_call_start", index, id, name });
  }
  /** STR-12: fragments go on as they are; id and name are never repeated (BUG-48). */
  delta(delta2, out) {
    this.#tell(this.input.add(delta2), out);
  }
  /** STR-12a: arguments must join to something that parses, `{}` at the least (BUG-2). */
  close(out) {
    this.#tell(this.input.rest(), out);
    if (this.input.text === "") this.answer.owe((later) => this.#tell("{}", later));
  }
  #tell(json, out) {
    if (json !== "") out.push({ type: "tool_call_delta", index: this.#index, arguments: json });
  }
};
var CustomCall = class extends ToolBlock {
  #call;
  constructor(start, answer, call) {
    super(start, answer);
    this.#call = call;
  }
  /** Held back: a part of `{"input": …}` is no part of the text in it. */
  delta(delta2) {
    this.input.add(delta2);
  }
  close(out) {
    this.input.rest();
    out.push({ type: "custom_tool_call", ...this.#call, input: this.#unwrapped() });
  }
  /** The text out of `{"input": text}`. What is cut or of another shape is handed on as it came. */
  #unwrapped() {
    const { text: text2 } = this.input;
    const parsed = this.input.native()?.["input"];
    const input = isRecord(parsed) ? parsed["input"] : void 0;
    return typeof input === "string" ? input : text2;
  }
};
var JsonAnswer = class extends ToolBlock {
  delta(delta2, out) {
    this.answer.say(this.input.add(delta2), out);
  }
  /** An object without members is JSON too, and is what a caller of `JSON.parse` must get. */
  close(out) {
    this.answer.say(this.input.rest(), out);
    if (this.input.text === "") this.answer.owe((later) => this.answer.say("{}", later));
  }
};

// src/providers/anthropic/decode/start-block.ts
function startBlock(start, answer, out) {
  switch (start["type"]) {
    case "text":
      return new TextBlock(start, answer, out);
    case "thinking":
      return new SignedThinking(start, answer, out);
    case "tool_use":
      return startTool(start, answer, out);
    // The two below have no deltas: they are told from their start and then kept whole.
    case "redacted_thinking":
      tellRedacted(start["data"], answer, out);
      break;
    case "fallback":
      takeOver(start["to"], answer);
      break;
  }
  return new OpaqueBlock(start, answer);
}
function tellRedacted(data, answer, out) {
  answer.thought = true;
  if (typeof data !== "string") return;
  out.push({ type: "thinking_block", block: { type: "redacted_thinking", data } });
}
function takeOver(to, answer) {
  answer.voidCalls();
  const model2 = isRecord(to) ? to["model"] : void 0;
  if (typeof model2 === "string") answer.servedBy = model2;
}

// src/providers/anthropic/decode/message-reducer.ts
var MessageReducer = class {
  #context;
  #answer;
  #usage = new MessageUsage();
  /** By the wire's index. Keys are compared, never written to an object: `__proto__` is an index to some (V7). */
  #open = /* @__PURE__ */ new Map();
  /** All of them, in the order in which they started: what the native content is made of. */
  #blocks = [];
  #head;
  /** Content that came whole in `message_start`, as long as it may still be streamed as well (V16). */
  #whole = [];
  #container;
  #stop;
  #finished = false;
  constructor(reading, context) {
    this.#context = context;
    this.#answer = new AnswerSoFar(context.provider, reading);
  }
  /** True once `finish` was told. */
  get finished() {
    return this.#finished;
  }
  /** True once the stop reason is known: whatever breaks from here on, the answer is complete (T38). */
  get stopped() {
    return this.#stop !== void 0;
  }
  /**
   * Reads one event of the wire and appends what it tells to `out`.
   *
   * @throws ProviderError for an `error` event, a second message spliced in, and what breaks the protocol
   */
  push(data, out) {
    if (this.#finished || !isRecord(data)) return;
    const type = data["type"];
    if (type === "content_block_delta") this.#takeDelta(data, out);
    else if (type === "content_block_start") this.#startBlock(data, out);
    else if (type === "content_block_stop") this.#stopBlock(data, out);
    else this.#takeMessageEvent(type, data, out);
  }
  /** The body is over. With a stop reason the answer is complete (STR-19); without, it was cut, and the pool says so. */
  endOfStream(out) {
    if (this.#finished || !this.#stop) return;
    const message2 = "the stream ended after its stop reason, but without its end event";
    out.push({ type: "warning", warning: { code: "missing_end", message: message2 } });
    this.#finish(this.#stop, out);
  }
  /** The error for an answer that breaks the protocol. */
  badResponse(message2) {
    return this.#answer.badResponse(message2);
  }
  /** STR-23: a delta for no block, or after its stop, is a stray and says nothing (V6). */
  #takeDelta(event, out) {
    const block = this.#open.get(event["index"]);
    const delta2 = event["delta"];
    if (!block) this.#expectHead();
    else if (isRecord(delta2)) block.delta(delta2, out);
  }
  /**
   * V7: an index that is no whole number names no place. One in use again means that the block before is over:
   * some proxies give every block the index 0.
   */
  #startBlock(event, out) {
    this.#expectHead();
    const { index, content_block: start } = event;
    if (typeof index !== "number" || !Number.isSafeInteger(index) || index < 0 || !isRecord(start)) return;
    this.#readWhole(index, out);
    this.#open.get(index)?.close(out);
    this.#answer.settle(out);
    const block = startBlock(start, this.#answer, out);
    this.#open.set(index, block);
    this.#blocks.push(block);
  }
  #stopBlock(event, out) {
    const block = this.#open.get(event["index"]);
    if (!block) return;
    this.#open.delete(event["index"]);
    block.close(out);
  }
  /** What concerns the message as a whole, and what is none of it. */
  #takeMessageEvent(type, event, out) {
    switch (type) {
      case "message_start":
        this.#start(event["message"], out);
        break;
      case "message_delta":
        this.#takeMessageDelta(event, out);
        break;
      case "message_stop":
        if (!this.#head) break;
        if (!this.#stop) throw this.#answer.truncated();
        this.#finish(this.#stop, out);
        break;
      case "error":
        throw inStreamError(event, this.#errorContext());
      default:
        if (type === void 0 && isRecord(event["error"])) throw inStreamError(event, this.#errorContext());
    }
  }
  /** STR-2: nothing here commits, so the pool may still go elsewhere. */
  #start(message2, out) {
    if (!isRecord(message2)) throw this.badResponse("the answer does not start with a message");
    const { id, model: model2 } = message2;
    if (this.#head) {
      if (id !== this.#head["id"]) throw this.badResponse("a second message began inside the answer");
      return;
    }
    this.#head = message2;
    if (typeof id === "string" && id !== "") {
      const named4 = typeof model2 === "string" ? model2 : this.#context.model ?? "";
      out.push({ type: "start", id, model: named4, created: this.#context.created });
    }
    if (Array.isArray(message2["content"])) this.#whole = message2["content"];
    this.#stop = mergeStop(void 0, message2);
    this.#usage.merge(message2["usage"], true);
    this.#tellUsage(out);
  }
  /** STR-13: there may be several, so the finish waits for `message_stop`. */
  #takeMessageDelta(event, out) {
    if (!this.#head) return;
    this.#readWhole(this.#whole.length, out);
    const delta2 = event["delta"];
    if (isRecord(delta2)) {
      this.#stop = mergeStop(this.#stop, delta2);
      this.#container = delta2["container"] ?? this.#container;
    }
    this.#usage.merge(event["usage"], false);
    this.#tellUsage(out);
  }
  /** Reads the blocks before `end` out of what `message_start` held; the stream itself brings the others. */
  #readWhole(end, out) {
    const blocks = this.#whole.slice(0, end);
    this.#whole = [];
    for (const [index, block] of blocks.entries()) {
      if (isRecord(block)) for (const event of eventsOfBlock(block, index)) this.push(event, out);
    }
  }
  /** A running total after each report, so that a stream that dies leaves the last one behind (USE-11). */
  #tellUsage(out) {
    const usage = this.#usage.read({
      stopped: this.stopped,
      thought: this.#answer.thought,
      unbilled: this.#stop?.reason === "refusal" && this.#blocks.length === 0
    });
    if (usage) out.push({ type: "usage", usage });
  }
  /** Completes what is still open: hosts forget to close blocks (V8). */
  #finish(stop, out) {
    this.#readWhole(this.#whole.length, out);
    for (const block of this.#open.values()) block.close(out);
    this.#open.clear();
    tellEnding(
      {
        head: this.#head ?? {},
        container: this.#container,
        stop,
        usage: this.#usage.native,
        blocks: this.#blocks,
        answer: this.#answer
      },
      out
    );
    this.#finished = true;
  }
  /** Content before the message it belongs to (V5). */
  #expectHead() {
    if (!this.#head) throw this.badResponse("content came before the start of a message");
  }
  /** In-band errors name no clock of their own; that of the answer's beginning is near enough. */
  #errorContext() {
    return { ...this.#context, nowMs: this.#context.created * 1e3 };
  }
};

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
function warn2(context, code, param, message2) {
  if (context.options.strict) {
    throw refusal(context, param, STRICT_REASONS[code] ?? "unsupported_parameter", message2);
  }
  context.warnings.push({ code, param, message: message2 });
}
function warnOnce(context, code, param, message2) {
  if (!context.warnings.some((warning) => warning.code === code)) warn2(context, code, param, message2);
}

// src/providers/anthropic/encode/node-digest.ts
import { createHash } from "node:crypto";
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
  warn2(context, "user_id_hashed", path, "not an opaque id; its SHA-256 is sent");
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
var PREFIX2 = /^(?:anthropic|claude)\//i;
var FIRST_GENERATION = /^claude-(?:1|instant)(?:-|$)/;
var canonical = (name) => name.toLowerCase().replaceAll(".", "-");
var byName2 = new Map(
  [...activeModels, ...retiredModels].flatMap(
    (model2) => [model2.id, ...model2.aliases].map((name) => [canonical(name), model2])
  )
);
function resolveClaudeModel(name) {
  const bare = name.replace(PREFIX2, "");
  const key = canonical(bare);
  const listed2 = byName2.get(key);
  if (listed2) return listed2;
  if (FIRST_GENERATION.test(key)) return { ...firstGeneration, id: bare };
  return guessClaudeModel(bare);
}
function requireClaudeModel(name, provider2) {
  const model2 = resolveClaudeModel(name);
  if (model2) return model2;
  throw new ProviderError({
    code: "model_not_found",
    provider: provider2,
    message: "not a Claude model; use an id such as claude-sonnet-5-5, without suffixes",
    param: "model",
    reason: "model_not_found",
    retryable: false
  });
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
    warn2(
      context,
      "unknown_model",
      "model",
      "not in the table of Claude models; its features are guessed by its name"
    );
  }
  if (lifecycle.status === "deprecated") {
    warn2(context, "model_deprecated", "model", `${asked.id} ${deprecation(asked)}${advice(asked)}`);
  }
  if (lifecycle.status !== "retired") return;
  const told = `${asked.id} was retired on ${lifecycle.retired}`;
  if (context.options.retiredModels === "reject") {
    throw refusal(context, "model", "model_retired", `${told}${advice(asked)}`, "model_not_found");
  }
  if (context.model === asked) warn2(context, "model_retired", "model", `${told}${advice(asked)}`);
  else warn2(context, "model_remapped", "model", `${told}; sent to ${context.model.id}`);
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
    if (RETIRED.has(name)) warn2(context, "unsupported_parameter", param, `beta ${name} is retired; not sent`);
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
    warn2(
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
    warn2(context, "unsupported_parameter", "max_tokens", "differs from max_completion_tokens, which is used");
  }
  const effective = asked ?? old;
  if (effective == null || isPrewarm(request)) return cap;
  const path = capPath(request);
  if (!Number.isInteger(effective) || effective < 1) {
    throw refusal(context, path, "invalid_value", "expected a whole number of at least 1");
  }
  if (cap < effective) warn2(context, "clamped", path, `this model answers with at most ${cap} tokens`);
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
      warn2(context, "unsupported_parameter", key, "Claude has no counterpart; not sent");
    } else if (!HANDLED.has(key)) {
      warn2(context, "unknown_parameter", key, "not a parameter this translation knows; not sent");
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
    warn2(context, "unsupported_value", "stop", "stop sequences without a visible character are not sent");
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
  warn2(context, "unsupported_parameter", param, 'must be {type: "ephemeral", ttl?: "5m" | "1h"}; ignored');
  return void 0;
}
function breakpointMark(context, breakpoint, path) {
  const options = context.request["prompt_cache_options"];
  const ttl = breakpoint["ttl"] ?? (isRecord(options) ? options["ttl"] : void 0);
  if (ttl !== "30m" && ttl !== "12h") return { type: "ephemeral" };
  if (ttl === "12h") {
    warn2(context, "clamped", `${path}.prompt_cache_breakpoint.ttl`, "cached for 1 h, the longest there is");
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
  if (excess > 0) warn2(context, "clamped", "cache_control", "only the last 4 cache breakpoints are sent");
  const kept = lives.slice(excess);
  const all = marked2.automatic ? [...kept, lifeOf(marked2.automatic)] : kept;
  const isUnordered = all.some((life, index) => life === "1h" && all[index - 1] === "5m");
  const onLast = marked2.automatic && lastIsMarked(marked2) && all.at(-1) !== all.at(-2);
  const first = isUnordered || onLast ? all[0] : void 0;
  if (first)
    warn2(
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
function sniff2(bytes) {
  const head2 = String.fromCharCode(...bytes.subarray(0, SNIFF_BYTES));
  return MAGIC.find(([, offset, magic]) => head2.startsWith(magic, offset))?.[0];
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
    warn2(context, "unsupported_parameter", `${path}.image_url.detail`, "Claude has no such control; ignored");
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
  const mediaType = sniff2(firstBytes(base64, SNIFF_BYTES)) ?? named4;
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
  const seen = sniff2(firstBytes(base64, SNIFF_BYTES));
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
    warn2(
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
  warn2(state.context, "unsupported_parameter", param, "only the text of the message is sent");
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
function isPlain2(message2) {
  return typeof message2.content === "string" && message2.content !== "" && message2["provider_specific_fields"] === void 0 && message2["thinking_blocks"] === void 0 && message2["reasoning_details"] === void 0;
}
function inspect(context, message2, names) {
  if (isPlain2(message2)) return PLAIN_LOST;
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
  warn2(context, "system_downgraded", param, "sent as marked text in a user turn, which weighs less");
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
    warn2(state.context, "duplicate_tool_result", from, "the call has another result; the last one is sent");
  }
  call.answered = true;
  call.turn.entries[call.slot] = { block: { ...block, tool_use_id: call.id }, from };
}
function orphan(context, param) {
  warn2(context, "orphan_tool_result", param, "the conversation has no open call of this id; not sent");
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
    warn2(
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
    warn2(state.context, "missing_tool_result", call.from, "the call has no result; an error result is sent");
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
  warn2(
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
      return allowed2(context, choice["allowed_tools"], from);
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
function allowed2(context, value, from) {
  const { mode, tools } = isRecord(value) ? value : {};
  if (!Array.isArray(tools)) {
    throw refusal(context, `${from}.allowed_tools.tools`, "invalid_type", "expected an array");
  }
  return { kind: "allowed", required: mode === "required", names: tools.map(nameOf2) };
}
function nameOf2(tool2) {
  if (!isRecord(tool2)) return "";
  const holder = isRecord(tool2["function"]) ? tool2["function"] : isRecord(tool2["custom"]) ? tool2["custom"] : tool2;
  return String(holder["name"] ?? "");
}

// src/providers/anthropic/encode/tool-choice.ts
function decideToolChoice(context, drafts, thinksByBudget) {
  const wish = readToolWish(context);
  const single = wish.single ? { disable_parallel_tool_use: true } : {};
  if (drafts.length === 0) return withoutTools(context, wish);
  const allowed3 = wish.kind === "allowed" ? allowedDrafts(context, drafts, wish) : drafts;
  switch (forceOf(wish, allowed3)) {
    case "absent":
      return { choice: wish.single ? { type: "auto", ...single } : void 0, drafts, weakened: void 0 };
    case "auto":
      return { choice: { type: "auto", ...single }, drafts: allowed3, weakened: void 0 };
    case "none":
      return { choice: { type: "none" }, drafts, weakened: void 0 };
    case "any":
      return forced(context, { type: "any", ...single }, allowed3, wish, thinksByBudget);
    case "tool": {
      const name = wireNameOf(context, allowed3, wish);
      return forced(context, { type: "tool", name, ...single }, allowed3, wish, thinksByBudget);
    }
  }
}
function forceOf(wish, allowed3) {
  switch (wish.kind) {
    case "named":
      return "tool";
    case "allowed":
      if (wish.names.length === 0) return "none";
      if (!wish.required) return "auto";
      return allowed3.length === 1 ? "tool" : "any";
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
    warn2(
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
  warn2(
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
  const lists2 = objects.map(requiredOf);
  const [first = [], ...others] = lists2;
  const required = combinator === "allOf" ? [...new Set(lists2.flat())] : first.filter((name) => others.every((list) => list.includes(name)));
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
  warn2(context, "schema_merged", path, `${combinator} at the root is sent as one object with all properties`);
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
  warn2(context, "thinking_disabled", param, "thinking needs at least 1,024 tokens of the cap; switched off");
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
  warn2(
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
    warn2(context, "unsupported_parameter", param, "this model has no effort; not sent");
    return void 0;
  }
  const type = choice.thinking?.type;
  const isLimited = type === "between_tools" || type === "disabled" && modelClass === "C";
  const isTooHigh = isLimited && (effort === "xhigh" || effort === "max");
  if (levels.includes(effort) && !isTooHigh) return effort;
  warn2(context, "clamped", param, "the highest effort accepted here is high");
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
  warn2(context, "json_object_best_effort", "response_format", "JSON is asked for in words and not enforced");
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
      warn2(
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
    warn2(context, "strict_dropped", `${draft.from}.function.strict`, `the schema ${problem}; sent without`);
  }
  return [];
}
function isTooMuch(candidates2) {
  const total2 = candidates2.reduce(
    (sum, { load }) => ({ optional: sum.optional + load.optional, unions: sum.unions + load.unions }),
    { optional: 0, unions: 0 }
  );
  return candidates2.length > MAX_STRICT || loadProblem(total2) !== void 0;
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
  if (plan.notice && asked) warn2(context, plan.notice.code, "reasoning_effort", plan.notice.message);
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
function customTool(context, names, custom2, from) {
  const { name, description, format } = isRecord(custom2) ? custom2 : {};
  if (typeof name !== "string" || name === "") {
    throw refusal(context, `${from}.custom.name`, "missing_required_parameter", "a custom tool needs a name");
  }
  const grammar = grammarText(context, format, `${from}.custom.format`);
  warn2(context, "custom_tool_emulated", from, "sent as a function with one text parameter");
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
    warn2(context, "unsupported_parameter", "web_search_options", "this model has no server tools; not sent");
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
    const custom2 = customTool(context, names, tool2["custom"], from);
    return {
      kind: "custom",
      strict: false,
      from,
      ...custom2,
      tool: { ...custom2.tool, ...extras(context, tool2, {}, from) }
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
    warn2(context, "unsupported_value", "thinking.type", `${REASON}; thinking is adaptive for this request`);
    return { ...choice, thinking: { ...rest, type: "adaptive" } };
  }
  const code = "thinking_disabled_missing_blocks";
  warn2(context, code, "messages", `${REASON}; thinking is off for this request`);
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
  warn2(context, "unsupported_parameter", key, `${why}; not sent`);
}
function legacyTemperature(context, thinks) {
  const { temperature } = context.request;
  if (temperature == null || temperature === 1) return void 0;
  if (temperature < 0) throw refusal(context, "temperature", "invalid_value", "expected 0 to 1");
  if (thinks) return dropped(context, "temperature", "not accepted while thinking is on");
  if (temperature <= 1) return temperature;
  warn2(context, "clamped", "temperature", "sent as 1, the highest there is");
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
    warn2(context, "unsupported_value", "service_tier", "Anthropic has no such tier; not sent");
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
  warn2(context, "unsupported_value", param, "this model has no fast mode; not sent");
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
  const body = assemble2(context, maxTokens, prompt, native);
  return {
    body: wellFormedJson(body),
    betas: [...context.betas],
    headers: nativeHeaders(context),
    warnings: context.warnings,
    reading: readingOf(context, prompt),
    blockMap: createBlockMap(prompt.turns, prompt.system, prompt.toolPaths, capPath(request))
  };
}
function assemble2(context, maxTokens, prompt, native) {
  const body = {
    model: context.model.id,
    max_tokens: maxTokens,
    messages: prompt.turns.map(messageOf3),
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
function messageOf3({ role, entries }) {
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

// src/providers/anthropic/models/specs.ts
function modelSpecs() {
  return [...activeModels, ...retiredModels].map(toSpec);
}
function toSpec(model2) {
  const isClaude2 = model2.id.startsWith("claude-2");
  return {
    id: model2.id,
    aliases: model2.aliases,
    ...model2.contextWindow !== void 0 && { contextWindow: model2.contextWindow },
    ...model2.maxOutputTokens !== void 0 && { maxOutputTokens: model2.maxOutputTokens },
    capabilities: {
      tools: !isClaude2,
      vision: !isClaude2,
      // Not every 3.x model read PDF files, and the table does not say which: unknown excludes nothing.
      ...model2.modelClass !== "I" && { pdf: true },
      structuredOutput: model2.structuredOutputs,
      reasoning: model2.modelClass !== "I"
    },
    lifecycle: toLifecycle(model2.lifecycle),
    source: model2.source,
    asOf: model2.asOf
  };
}
function toLifecycle(life) {
  const notRetiredBefore = life.notRetiredBefore ?? life.retires;
  return {
    ...life.released !== void 0 && { released: life.released },
    ...life.deprecated !== void 0 && { deprecated: life.deprecated },
    ...notRetiredBefore !== void 0 && { notRetiredBefore },
    ...life.retired !== void 0 && { retired: life.retired },
    ...life.successor !== void 0 && { successor: life.successor }
  };
}

// src/providers/anthropic/index.ts
var DEFAULT_MODEL = "claude-sonnet-5-5";
var MAX_WHOLE_TOKENS = 21333;
function anthropic3(options) {
  const host = new ClaudeHost(options);
  return {
    name: host.name,
    module: "anthropic",
    models: modelSpecs(),
    defaultModel: resolveClaudeModel(options.defaultModel ?? DEFAULT_MODEL)?.id ?? DEFAULT_MODEL,
    keys: host.keys.labels,
    resolveModel: (model2) => resolveClaudeModel(model2)?.id,
    answersWhole: (request, model2) => {
      const known2 = resolveClaudeModel(model2);
      return known2 !== void 0 && effectiveMaxTokens(request, known2) <= MAX_WHOLE_TOKENS;
    },
    stream: (call) => stream(host, call),
    check: (call) => check(host, call),
    close: () => host.client.close()
  };
}
async function* stream(host, call) {
  const { name, keys, client } = host;
  const { signal, connectMs } = call;
  const model2 = requireClaudeModel(call.model, name);
  const encoded = encodeRequest(call.request, model2, host.encodeOptions(call));
  const { betas, body, blockMap, reading, warnings } = encoded;
  if (warnings.length > 0) yield warnings.map((warning) => ({ type: "warning", warning }));
  const apiKey = await keys.reveal(call.key, call.apiKey);
  const context = {
    provider: name,
    model: model2.id,
    secrets: [apiKey],
    lifecycle: model2.lifecycle,
    toCallerPath: (path2) => blockMap.callerPath(path2),
    upstreamRequestId: void 0,
    created: 0
  };
  const path = betas.length > 0 ? "/v1/messages?beta=true" : "/v1/messages";
  const headers = host.headers(apiKey, encoded);
  const response = await sent(client.send({ path, body, headers, signal, connectMs }), context, signal);
  try {
    if (response.status !== 200) throw await failed(response, context);
    context.created = Math.floor(Date.now() / 1e3);
    context.upstreamRequestId = response.headers.get("request-id") ?? void 0;
    const answer = new AnswerReader(response, new MessageReducer(reading, context), context);
    for (let batch = await answer.read(); batch; batch = await answer.read()) yield batch;
  } finally {
    response.finish();
  }
}
async function check(host, { signal, key, apiKey: own, connectMs }) {
  const apiKey = await host.keys.reveal(key, own);
  const context = { provider: host.name, secrets: [apiKey] };
  const response = await host.client.get({
    path: "/v1/models?limit=1",
    headers: host.headers(apiKey),
    signal,
    connectMs
  });
  try {
    if (response.status !== 200) throw await failed(response, context);
  } finally {
    response.finish();
  }
}
async function sent(answer, context, signal) {
  try {
    return await answer;
  } catch (error) {
    if (signal.aborted || isRunestoneError(error)) throw error;
    throw fromSdkError(error, context);
  }
}
async function failed(response, context) {
  return messagesError(response.status, response.headers, await readErrorText(response), context);
}

// src/pool/from-env.ts
var registry = [
  {
    keyVariable: ({ providers }) => providers?.anthropic?.apiKeyEnv ?? "ANTHROPIC_API_KEY",
    make: (apiKey, { providers }, env) => {
      const { apiKeyEnv: _, ...options } = providers?.anthropic ?? {};
      const baseURL = options["baseURL"] ?? env["ANTHROPIC_BASE_URL"];
      return anthropic3({ ...options, apiKey, ...baseURL && { baseURL } });
    }
  }
];
function optionsFromEnv(options) {
  const { providers: _, env = process.env, ...rest } = options;
  const found = registry.flatMap(({ keyVariable, make }) => {
    const apiKey = env[keyVariable(options)]?.trim();
    return apiKey ? [make(apiKey, options, env)] : [];
  });
  if (found.length === 0) {
    const looked = registry.map(({ keyVariable }) => keyVariable(options)).join(", ");
    throw new ConfigError(`no provider key is in the environment; set one of: ${looked}`);
  }
  return { ...rest, providers: found };
}

// src/pool/health.ts
function providerInfo(provider2, states, epochMs) {
  return {
    name: provider2.name,
    module: provider2.module ?? provider2.name,
    status: statusOf(states),
    models: provider2.models?.map(({ id }) => id) ?? [],
    targets: states.map((state) => targetInfo(state, epochMs))
  };
}
function poolHealth(providers) {
  const statuses = providers.map(({ status }) => status);
  return {
    status: foldStatus(statuses),
    providers: Object.fromEntries(providers.map(({ name, status }) => [name, status]))
  };
}
function targetInfo(state, epochMs) {
  const { inFlight, ttftMs } = state.stats.row();
  const { cooldownMs } = state;
  return {
    model: state.target.model,
    target: state.target.label,
    circuit: state.circuit,
    inFlight,
    ttftMs: ttftMs.p50,
    cooldownUntil: cooldownMs > 0 ? epochMs + cooldownMs : void 0
  };
}
function statusOf(states) {
  return foldStatus(
    states.map((state) => {
      if (state.circuit === "open" || state.keyOut) return "down";
      if (state.circuit === "half_open" || state.cooldownMs > 0) return "degraded";
      return state.stats.row().requests === 0 ? "unknown" : "healthy";
    })
  );
}
function foldStatus(statuses) {
  const known2 = new Set(statuses.filter((status) => status !== "unknown"));
  const [only] = known2;
  if (only === void 0) return "unknown";
  if (known2.size > 1 || only === "degraded") return "degraded";
  return only === "down" && statuses.includes("unknown") ? "degraded" : only;
}

// src/pool/lifecycle.ts
var Lifecycle = class {
  #running = /* @__PURE__ */ new Set();
  #closing = false;
  #onIdle;
  /** @throws PoolClosedError once the pool is closing */
  enter() {
    if (this.#closing) throw closed2();
  }
  began(request) {
    this.#running.add(request);
  }
  ended(request) {
    request.end();
    this.#running.delete(request);
    if (this.#running.size === 0) this.#onIdle?.();
  }
  /** Admits nobody any more, waits for those under way, and after `drainMs` ends them. */
  async drain(drainMs) {
    this.#closing = true;
    if (this.#running.size === 0) return;
    let timer;
    await new Promise((resolve) => {
      this.#onIdle = resolve;
      timer = setTimeout(resolve, drainMs);
    });
    clearTimeout(timer);
    for (const request of this.#running) request.abort(closed2());
  }
};
function closed2() {
  return new PoolClosedError("the pool is closed; make a new one");
}

// src/pool/plan.ts
function planner({
  router,
  strategy,
  states,
  teller
}) {
  return function plan(context) {
    const known2 = router.candidates(context.request.model, context.pinned);
    const all = context.apiKey ? known2.filter(({ target }) => target.key === 0) : known2;
    const free = all.filter(({ target }) => states.of(target).cooldownMs === 0);
    const ordered = strategy.order(free.length > 0 ? free : all, context);
    if (teller.emit.wants("router.decide")) {
      const left = all.filter((each) => !ordered.includes(each));
      teller.emit("router.decide", {
        requestId: context.requestId,
        at: teller.epochMs(),
        requestedModel: context.request.model,
        candidates: Object.freeze(ordered.map(({ target }) => target.label)),
        excluded: Object.freeze(left.map(({ target }) => target.label)),
        strategy: strategy.name
      });
    }
    if (ordered.length === 0) throw noneLeft(strategy, context.request.model);
    return ordered;
  };
}
function noneLeft({ name }, model2) {
  const asked = model2 === void 0 ? "the default model" : `the model "${model2}"`;
  return new NoRouteError(`the routing strategy "${name}" left no target for ${asked}`, {
    param: "model",
    model: model2
  });
}

// src/resilience/circuit-permit.ts
var CircuitPermit = class {
  #desk;
  #generation;
  #verdict = "none";
  constructor(desk, generation) {
    this.#desk = desk;
    this.#generation = generation;
  }
  succeed() {
    if (this.#verdict !== "none") return;
    this.#verdict = "succeeded";
    this.#generation = this.#desk.succeeded(this.#generation);
  }
  fail() {
    if (this.#verdict === "ended") return;
    this.#verdict = "ended";
    this.#desk.failed(this.#generation);
  }
  release() {
    const undecided = this.#verdict === "none";
    this.#verdict = "ended";
    if (undecided) this.#desk.undecided(this.#generation);
  }
};

// src/resilience/trip-rules.ts
var tripDefaults = {
  failureThreshold: 5,
  failureRatio: 0.5,
  minimumRequests: 10,
  windowMs: 3e4
};
var SLOTS2 = 10;
function tripRule(options, nowMs) {
  const rate = {
    ratio: options.failureRatio ?? tripDefaults.failureRatio,
    minimumRequests: options.minimumRequests ?? tripDefaults.minimumRequests,
    windowMs: options.windowMs ?? tripDefaults.windowMs
  };
  return either(
    consecutive(options.failureThreshold ?? tripDefaults.failureThreshold),
    errorRate(rate, nowMs)
  );
}
function consecutive(threshold) {
  let failures = 0;
  return {
    success() {
      failures = 0;
    },
    failure() {
      failures += 1;
      return failures >= threshold;
    },
    reset() {
      failures = 0;
    }
  };
}
function errorRate(options, nowMs) {
  const { ratio, minimumRequests, windowMs } = options;
  const successes = new RollingCounter(SLOTS2, windowMs / SLOTS2);
  const failures = new RollingCounter(SLOTS2, windowMs / SLOTS2);
  return {
    success() {
      successes.add(nowMs());
    },
    failure() {
      const now = nowMs();
      failures.add(now);
      const failed2 = failures.total(now);
      const verdicts = failed2 + successes.total(now);
      return verdicts >= minimumRequests && failed2 >= ratio * verdicts;
    },
    reset() {
      successes.clear();
      failures.clear();
    }
  };
}
function either(...rules) {
  return {
    success() {
      for (const rule of rules) rule.success();
    },
    failure() {
      return rules.filter((rule) => rule.failure()).length > 0;
    },
    reset() {
      for (const rule of rules) rule.reset();
    }
  };
}

// src/resilience/circuit-breaker.ts
var breakerDefaults = {
  openMs: 5e3,
  maxOpenMs: 15e3,
  slowStartMs: 1e4
};
var OPEN_TIME_JITTER = 0.2;
var SMALLEST_SHARE = 0.1;
var CircuitBreaker = class {
  #openMs;
  #maxOpenMs;
  #slowStartMs;
  #rule;
  #nowMs;
  #random;
  #onTransition;
  #state = { name: "closed", sinceMs: Number.NEGATIVE_INFINITY };
  #generation = 0;
  /** Openings since the target last proved healthy: the exponent of the open time. */
  #openings = 0;
  constructor(options, surroundings) {
    this.#openMs = options.openMs ?? breakerDefaults.openMs;
    this.#maxOpenMs = options.maxOpenMs ?? breakerDefaults.maxOpenMs;
    this.#slowStartMs = options.slowStartMs ?? breakerDefaults.slowStartMs;
    this.#nowMs = surroundings.nowMs;
    this.#random = surroundings.random ?? Math.random;
    this.#rule = surroundings.rule ?? tripRule(options, surroundings.nowMs);
    this.#onTransition = surroundings.onTransition;
  }
  /** Reading it changes nothing: an open circuit whose time is over stays `open` until somebody asks to pass. */
  get state() {
    return this.#state.name;
  }
  /**
   * Asks leave for one attempt; `undefined` is a refusal.
   *
   * @param options.lastTarget - true when there is no other target to go to. Such a request is never turned away
   *   by the slow start, and passes as a probe at least once in `openMs` while the circuit is not closed: a
   *   breaker with nowhere to go only hides the error (P17).
   */
  acquire({ lastTarget }) {
    const now = this.#nowMs();
    if (this.#state.name === "open" && now >= this.#probeAtMs(this.#state, lastTarget)) {
      this.#move({ name: "half_open", probes: 0, probedMs: now }, "open_time_over");
    }
    return this.#admits(now, lastTarget) ? new CircuitPermit(this.#desk, this.#generation) : void 0;
  }
  /** Time until a refused request may pass, in milliseconds; `undefined` while that depends on a probe's verdict. */
  retryAfterMs() {
    const state = this.#state;
    switch (state.name) {
      case "closed":
        return 0;
      case "open":
        return Math.max(0, state.untilMs - this.#nowMs());
      case "half_open":
        return state.probes === 0 ? 0 : void 0;
    }
  }
  #probeAtMs(state, lastTarget) {
    return lastTarget ? Math.min(state.untilMs, state.sinceMs + this.#openMs) : state.untilMs;
  }
  #admits(now, lastTarget) {
    const state = this.#state;
    switch (state.name) {
      case "closed":
        return lastTarget || this.#withinShare(now - state.sinceMs);
      case "open":
        return false;
      case "half_open":
        if (state.probes > 0 && !(lastTarget && now - state.probedMs >= this.#openMs)) return false;
        state.probes += 1;
        state.probedMs = now;
        return true;
    }
  }
  #withinShare(closedMs) {
    if (closedMs >= this.#slowStartMs) return true;
    return this.#random() < Math.max(SMALLEST_SHARE, closedMs / this.#slowStartMs);
  }
  #desk = {
    succeeded: (generation) => {
      if (generation !== this.#generation) return generation;
      if (this.#state.name === "half_open") return this.#close();
      this.#rule.success();
      return generation;
    },
    failed: (generation) => {
      if (generation !== this.#generation) return;
      if (this.#state.name === "half_open") this.#open("probe_failed");
      else if (this.#rule.failure()) this.#open("failures");
    },
    undecided: (generation) => {
      if (generation === this.#generation && this.#state.name === "half_open") this.#state.probes -= 1;
    }
  };
  #open(reason) {
    const now = this.#nowMs();
    if (this.#state.name === "closed" && now - this.#state.sinceMs >= this.#slowStartMs) this.#openings = 0;
    const openMs = doubling(this.#openings, this.#openMs, this.#maxOpenMs);
    this.#openings += 1;
    const untilMs = now + jittered(openMs, OPEN_TIME_JITTER, this.#random);
    this.#move({ name: "open", sinceMs: now, untilMs }, reason);
  }
  #close() {
    this.#rule.reset();
    return this.#move({ name: "closed", sinceMs: this.#nowMs() }, "probe_succeeded");
  }
  #move(next, reason) {
    const from = this.#state.name;
    const generation = this.#generation + 1;
    this.#state = next;
    this.#generation = generation;
    this.#onTransition?.(from, next.name, reason);
    return generation;
  }
};

// src/resilience/cooldown.ts
var cooldownDefaults = {
  rate_limited: { baseMs: 15e3, maxMs: 12e4, jitter: 0.2 },
  authentication: { baseMs: 3e5, maxMs: 36e5, jitter: 0 },
  permission: { baseMs: 3e5, maxMs: 36e5, jitter: 0 },
  quota_exhausted: { baseMs: 9e5, maxMs: 9e5, jitter: 0 }
};
var Cooldown = class {
  #nowMs;
  #random;
  #escalations = /* @__PURE__ */ new Map();
  #untilMs = Number.NEGATIVE_INFINITY;
  /** @param nowMs - monotonic; no change of the wall clock moves the deadline */
  constructor(nowMs, random = Math.random) {
    this.#nowMs = nowMs;
    this.#random = random;
  }
  /** Stays away for a time that the provider named. What is not a positive number is ignored. */
  extend(durationMs) {
    if (durationMs > 0) this.#untilMs = Math.max(this.#untilMs, this.#nowMs() + durationMs);
  }
  /**
   * Stays away although nobody named a time: `baseMs`, twice that when it happens again, up to `maxMs`.
   *
   * A burst counts once: while such a time runs, further refusals are those of requests sent before it began,
   * and a hundred of them must not double a hundred times.
   */
  escalate(reason, length = cooldownDefaults[reason]) {
    const { baseMs, maxMs, jitter } = length;
    const now = this.#nowMs();
    const running = this.#escalations.get(reason);
    if (running && now < running.untilMs) return;
    const step = running ? running.step + 1 : 0;
    const untilMs = now + jittered(doubling(step, baseMs, maxMs), jitter, this.#random);
    this.#escalations.set(reason, { step, untilMs });
    this.#untilMs = Math.max(this.#untilMs, untilMs);
  }
  /**
   * A request succeeded: the next escalation starts small again. The deadline stays where it is.
   *
   * Ignored while the cooldown runs, because such a request was let through before it began.
   */
  recover() {
    if (this.#escalations.size > 0 && this.remainingMs() === 0) this.#escalations.clear();
  }
  /** Milliseconds left; 0 when nothing holds requests back. */
  remainingMs() {
    return Math.max(0, this.#untilMs - this.#nowMs());
  }
};

// src/resilience/histogram.ts
var LOWEST_MS = 1;
var HIGHEST_MS = 36e5;
var GROWTH = 1.1;
var LOG_GROWTH = Math.log(GROWTH);
var BUCKETS2 = Math.ceil(Math.log(HIGHEST_MS / LOWEST_MS) / LOG_GROWTH) + 1;
var Histogram = class {
  #counts = new Uint32Array(BUCKETS2);
  #count = 0;
  /** How many durations were recorded. */
  get count() {
    return this.#count;
  }
  /** Notes a duration. What is not a number is ignored. */
  record(durationMs) {
    if (Number.isNaN(durationMs)) return;
    const clamped = Math.min(HIGHEST_MS, Math.max(LOWEST_MS, durationMs));
    this.#counts[Math.ceil(Math.log(clamped / LOWEST_MS) / LOG_GROWTH)] += 1;
    this.#count += 1;
  }
  /**
   * The duration that a share of all recorded ones did not exceed (nearest rank), in milliseconds.
   *
   * @param q - 0.5 for the median, 0.99 for the 99th percentile
   * @returns `undefined` when nothing was recorded
   */
  quantile(q2) {
    if (this.#count === 0) return void 0;
    const rank = Math.max(1, Math.ceil(q2 * this.#count));
    let seen = 0;
    let bucket = 0;
    while (bucket < BUCKETS2 - 1) {
      seen += this.#counts[bucket];
      if (seen >= rank) break;
      bucket += 1;
    }
    return Math.max(LOWEST_MS, LOWEST_MS * 2 * GROWTH ** bucket / (GROWTH + 1));
  }
};

// src/pool/target-stats.ts
var TargetStats = class {
  #requests = 0;
  #errors = 0;
  #cancelled = 0;
  #retries = 0;
  #inFlight = 0;
  #nanoUsd = 0;
  #unpriced = 0;
  #estimated = 0;
  #latency = new Histogram();
  #ttft = new Histogram();
  #tokens = new Map(usageBuckets.map((bucket) => [bucket, 0]));
  get inFlight() {
    return this.#inFlight;
  }
  began() {
    this.#inFlight += 1;
  }
  retried() {
    this.#retries += 1;
  }
  ended(record3) {
    this.#inFlight -= 1;
    this.#requests += 1;
    if (record3.outcome === "error") this.#errors += 1;
    if (record3.outcome === "cancelled") this.#cancelled += 1;
    if (record3.outcome === "ok") this.#latency.record(record3.durationMs);
    if (record3.ttftMs !== void 0) this.#ttft.record(record3.ttftMs);
    if (record3.costUsd === void 0) this.#unpriced += 1;
    else this.#nanoUsd += Math.round(record3.costUsd * 1e9);
    if (record3.precision === "estimated") this.#estimated += 1;
    for (const bucket of usageBuckets) {
      const tokens = record3.usage?.[bucket];
      if (tokens) this.#tokens.set(bucket, (this.#tokens.get(bucket) ?? 0) + tokens);
    }
  }
  row() {
    return {
      requests: this.#requests,
      errors: this.#errors,
      cancelled: this.#cancelled,
      errorRate: this.#requests === 0 ? void 0 : this.#errors / this.#requests,
      retries: this.#retries,
      inFlight: this.#inFlight,
      latencyMs: quantiles(this.#latency),
      ttftMs: quantiles(this.#ttft),
      tokens: Object.fromEntries(this.#tokens),
      costUsd: this.#nanoUsd / 1e9,
      unpriced: this.#unpriced,
      precision: this.#unpriced > 0 ? "unknown" : this.#estimated > 0 ? "estimated" : "reported"
    };
  }
};
function quantiles(histogram) {
  return { p50: histogram.quantile(0.5), p95: histogram.quantile(0.95), p99: histogram.quantile(0.99) };
}

// src/pool/provider-state.ts
var MAX_TARGETS = 1e3;
var ProviderStates = class {
  /** Over all targets. */
  total = new TargetStats();
  #states = /* @__PURE__ */ new Map();
  /** A refused key is refused for every model, so targets of one key share this. */
  #keys = /* @__PURE__ */ new Map();
  #surroundings;
  constructor(surroundings) {
    this.#surroundings = surroundings;
  }
  of(target) {
    const known2 = this.#states.get(target.label);
    if (known2) return known2;
    const state = new TargetState(target, this.#keyOf(target), this.total, this.#surroundings);
    if (this.#states.size >= MAX_TARGETS) this.#forgetOne();
    this.#states.set(target.label, state);
    return state;
  }
  all() {
    return this.#states.values();
  }
  /** The longest known of those that have nothing to remember but counts. */
  #forgetOne() {
    for (const [label, state] of this.#states) {
      if (state.isAtRest) {
        this.#states.delete(label);
        return;
      }
    }
  }
  #keyOf({ provider: provider2, key }) {
    const name = `${provider2.name}[${key}]`;
    const known2 = this.#keys.get(name);
    if (known2) return known2;
    const cooldown = new Cooldown(this.#surroundings.teller.nowMs, this.#surroundings.random);
    this.#keys.set(name, cooldown);
    return cooldown;
  }
};
var TargetState = class {
  target;
  stats = new TargetStats();
  #total;
  #circuit;
  #cooldown;
  #keyCooldown;
  #surroundings;
  constructor(target, keyCooldown, total2, surroundings) {
    const { settings, teller, random } = surroundings;
    this.target = target;
    this.#total = total2;
    this.#keyCooldown = keyCooldown;
    this.#surroundings = surroundings;
    this.#cooldown = new Cooldown(teller.nowMs, random);
    this.#circuit = settings.breaker ? new CircuitBreaker(settings.breaker, {
      nowMs: teller.nowMs,
      random,
      onTransition: (from, to, reason) => this.#tellTransition(from, to, reason)
    }) : void 0;
  }
  /** `closed` also when the pool has no breaker. */
  get circuit() {
    return this.#circuit?.state ?? "closed";
  }
  /** How long this target, or its key, is to be left alone, in milliseconds. */
  get cooldownMs() {
    return Math.max(this.#cooldown.remainingMs(), this.#keyCooldown.remainingMs());
  }
  /** True while the key is out: refused, or its quota is spent. */
  get keyOut() {
    return this.#keyCooldown.remainingMs() > 0;
  }
  /** Closed, free, and nobody is with it. */
  get isAtRest() {
    return this.isOpen && this.circuit === "closed" && this.stats.inFlight === 0;
  }
  /** Whether it would take a request now. A cooldown only matters while there is another target to go to. */
  get isOpen() {
    return this.cooldownMs === 0 && this.retryAfterMs() === 0;
  }
  admit(lastTarget) {
    const circuit = this.#circuit;
    const permit = circuit?.acquire({ lastTarget });
    if (circuit && !permit) return void 0;
    return {
      succeed: () => this.#succeeded(permit),
      fail: (error) => this.#failed(error, permit),
      release: () => permit?.release()
    };
  }
  retryAfterMs() {
    const { breaker: breaker2 } = this.#surroundings.settings;
    if (!this.#circuit || !breaker2) return 0;
    return this.#circuit.retryAfterMs() ?? breaker2.openMs;
  }
  began() {
    this.stats.began();
    this.#total.began();
  }
  retried() {
    this.stats.retried();
    this.#total.retried();
  }
  ended(record3) {
    this.stats.ended(record3);
    this.#total.ended(record3);
  }
  #succeeded(permit) {
    permit?.succeed();
    this.#cooldown.recover();
    this.#keyCooldown.recover();
  }
  #failed(error, permit) {
    const lesson = verdictOf(error).breaker;
    if (lesson === "failure") permit?.fail();
    if (lesson === "cooldown") this.#stayAway(this.#cooldown, error);
    if (lesson === "key_out") this.#stayAway(this.#keyCooldown, error);
  }
  #stayAway(cooldown, error) {
    const { settings, teller } = this.#surroundings;
    const before = cooldown.remainingMs();
    if (error.code === "rate_limited" && error.retryAfterMs !== void 0) {
      cooldown.extend(Math.min(error.retryAfterMs, settings.retry.retryAfterCapMs));
    } else if (error.retryAfterMs !== void 0) cooldown.extend(error.retryAfterMs);
    else cooldown.escalate(reasonOf2(error));
    const cooldownMs = cooldown.remainingMs();
    if (cooldownMs <= before || !teller.emit.wants("target.cooldown")) return;
    const { provider: provider2, label: target } = this.target;
    teller.emit("target.cooldown", {
      at: teller.epochMs(),
      provider: provider2.name,
      target,
      code: error.code,
      cooldownMs
    });
  }
  #tellTransition(from, to, reason) {
    const { emit, epochMs } = this.#surroundings.teller;
    const { provider: provider2, label: target } = this.target;
    const told = { at: epochMs(), provider: provider2.name, target, from, to, reason };
    if (to === "open") emit("circuit_breaker.open", { ...told, openMs: this.retryAfterMs() });
    else if (to === "half_open") emit("circuit_breaker.half_open", told);
    else emit("circuit_breaker.close", told);
  }
};
function reasonOf2({ code }) {
  return code === "rate_limited" || code === "quota_exhausted" ? code : "authentication";
}

// src/pipeline/cancellation.ts
var Cancellation = class {
  #listeners = /* @__PURE__ */ new Set();
  #reason;
  #controller;
  /** Why the request was ended; `undefined` while it runs. */
  get reason() {
    return this.#reason;
  }
  get isCancelled() {
    return this.#reason !== void 0;
  }
  /** The same as a standard signal, made on first use. */
  get signal() {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.isCancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }
  /** Ends the request. The first reason stands. */
  cancel(reason) {
    if (this.isCancelled) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }
  /**
   * Hears of the end, at once if it has come already.
   *
   * @returns stops listening; call it in `finally`
   */
  onCancel(listener) {
    if (this.isCancelled) {
      listener(this.#reason);
      return () => {
      };
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
};

// src/resilience/node-signal.ts
import { setMaxListeners } from "node:events";
function allowManyListeners(signal) {
  setMaxListeners(0, signal);
}

// src/pool/running-request.ts
var RunningRequest = class {
  context;
  #environment;
  #startedMs;
  #cancellation = new Cancellation();
  #caller;
  #deadline;
  constructor(request, call, defaults, environment) {
    const totalMs = call.deadlineMs ?? defaults.totalMs;
    const cancellation = this.#cancellation;
    this.#environment = environment;
    this.#startedMs = environment.nowMs();
    this.context = {
      requestId: call.requestId ?? crypto.randomUUID(),
      request,
      get signal() {
        return cancellation.signal;
      },
      cancellation,
      deadlineMs: this.#startedMs + totalMs,
      tenant: call.tenant,
      metadata: call.metadata ?? {},
      pinned: call.provider,
      apiKey: call.apiKey === void 0 ? void 0 : new Secret(call.apiKey),
      strict: call.strict ?? defaults.strict,
      retiredModels: defaults.retiredModels,
      trail: [],
      warnings: []
    };
    this.#caller = call.signal;
    this.#deadline = setTimeout(() => this.abort(overdue(totalMs)), totalMs);
    this.#follow();
  }
  /** How its answer shall look. */
  get form() {
    const { request } = this.context;
    return {
      includeUsage: request.stream_options?.include_usage === true,
      legacyFunctions: request["functions"] !== void 0
    };
  }
  /** What its answer is called until a provider says so itself. */
  get head() {
    const { requestId, request } = this.context;
    return {
      id: `chatcmpl-${requestId}`,
      model: request.model ?? "",
      created: Math.floor(this.#environment.epochMs() / 1e3)
    };
  }
  /** What is known of its answer now; complete once it has ended. */
  info() {
    const { requestId, trail, warnings } = this.context;
    const { last, costUsd, precision } = totalsOf(trail);
    return {
      requestId,
      provider: last?.provider ?? "",
      model: last?.model ?? "",
      attempts: trail.length,
      usage: last?.usage,
      costUsd,
      precision,
      ttftMs: last?.ttftMs,
      durationMs: this.#environment.nowMs() - this.#startedMs,
      warnings: [...warnings],
      trace: [...trail]
    };
  }
  /** Adds to an error what only the request knows. A foreign error passes as it is. */
  explain(error, answer) {
    if (!isRunestoneError(error)) return error;
    const { requestId, trace, costUsd, usage } = this.info();
    return annotate(error, {
      ...answer,
      requestId,
      attempts: trace,
      ...usage && { usage },
      ...costUsd !== void 0 && { costUsd }
    });
  }
  /** Ends the request. The first reason stands. */
  abort(reason) {
    this.end();
    this.#cancellation.cancel(reason);
  }
  /** Lets go of clock and caller. Call it once the request is over, on every exit. */
  end() {
    clearTimeout(this.#deadline);
    this.#caller?.removeEventListener("abort", this.#onAbort);
  }
  #follow() {
    if (!this.#caller) return;
    allowManyListeners(this.#caller);
    this.#caller.addEventListener("abort", this.#onAbort);
    if (this.#caller.aborted) this.#onAbort();
  }
  #onAbort = () => {
    this.abort(new CancelledError("the request was aborted by its caller", { cause: this.#caller?.reason }));
  };
};
function overdue(totalMs) {
  return new DeadlineExceededError(`the request was not done within ${totalMs} ms`);
}

// src/pool/settings.ts
import * as z2 from "zod";
var milliseconds = z2.number().min(1).max(2 ** 31 - 1);
var retry = z2.strictObject({
  attempts: z2.int().min(1).max(100).default(3),
  attemptsPerTarget: z2.int().min(1).max(100).default(2),
  baseDelayMs: milliseconds.default(500),
  maxDelayMs: milliseconds.default(8e3),
  retryAfterCapMs: z2.number().min(0).max(2 ** 31 - 1).default(6e4),
  preferWaitMs: z2.number().min(0).max(2 ** 31 - 1).default(2e3),
  budget: z2.strictObject({
    ratio: z2.number().min(0).max(10).default(retryBudgetDefaults.ratio),
    minimum: z2.int().min(0).default(retryBudgetDefaults.minimum),
    windowMs: milliseconds.default(retryBudgetDefaults.windowMs)
  }).prefault({})
});
var breaker = z2.strictObject({
  failureThreshold: z2.int().min(1).default(tripDefaults.failureThreshold),
  failureRatio: z2.number().positive().max(1).default(tripDefaults.failureRatio),
  minimumRequests: z2.int().min(1).default(tripDefaults.minimumRequests),
  windowMs: milliseconds.default(tripDefaults.windowMs),
  openMs: milliseconds.default(breakerDefaults.openMs),
  maxOpenMs: milliseconds.default(breakerDefaults.maxOpenMs),
  slowStartMs: z2.number().min(0).default(breakerDefaults.slowStartMs)
});
var timeouts = z2.strictObject({
  connectMs: milliseconds.default(1e4),
  firstTokenMs: milliseconds.default(6e4),
  reasoningFirstTokenMs: milliseconds.default(18e4),
  idleMs: milliseconds.default(6e4),
  progressMs: milliseconds.default(3e5),
  totalMs: milliseconds.default(6e5)
});
var aFunction = z2.custom(
  (value) => typeof value === "function",
  "must be a function"
);
var provider = z2.looseObject({
  name: z2.string().min(1).regex(/^[^/\s[\]]+$/, "must not contain a slash, a bracket or white space"),
  stream: aFunction
});
var middleware = z2.strictObject({
  name: z2.string().min(1),
  request: aFunction.optional(),
  attempt: aFunction.optional()
});
var routeTarget = z2.union([
  z2.string().min(3),
  z2.strictObject({
    target: z2.string().min(3),
    tier: z2.int().min(0).optional(),
    weight: z2.number().positive().optional()
  })
]);
var usd = z2.number().min(0);
var priceOverride = z2.strictObject({
  inputUsdPerMTok: usd,
  outputUsdPerMTok: usd,
  cacheReadUsdPerMTok: usd.optional(),
  cacheWrite5mUsdPerMTok: usd.optional(),
  cacheWrite1hUsdPerMTok: usd.optional(),
  batchFactor: usd.optional(),
  usFactor: usd.optional(),
  webSearchUsdPerThousand: usd.optional(),
  webFetchUsdPerThousand: usd.optional()
});
var poolOptions = z2.strictObject({
  providers: z2.array(provider).min(1, "needs at least one provider"),
  models: z2.record(z2.string().min(1), z2.array(routeTarget).min(1)).optional(),
  defaultModel: z2.string().min(1).optional(),
  routing: z2.looseObject({ name: z2.string(), order: aFunction }).optional(),
  retry: z2.union([retry, z2.literal(false)]).prefault({}),
  breaker: z2.union([breaker, z2.literal(false)]).prefault({}),
  timeouts: timeouts.prefault({}),
  cost: z2.strictObject({ prices: z2.record(z2.string(), priceOverride).optional() }).optional(),
  retiredModels: z2.enum(["warn", "reject", "remap"]).optional(),
  strict: z2.boolean().optional(),
  middleware: z2.array(middleware).optional()
});
var callOptions = z2.strictObject({
  signal: z2.custom((value) => value instanceof AbortSignal, "must be an AbortSignal").optional(),
  deadlineMs: milliseconds.optional(),
  requestId: z2.string().min(1).max(256).optional(),
  tenant: z2.string().min(1).max(256).optional(),
  metadata: z2.record(z2.string(), z2.string()).optional(),
  strict: z2.boolean().optional(),
  provider: z2.string().min(1).optional(),
  apiKey: z2.string().min(1).optional()
});
var noRetry = retry.parse({ attempts: 1, attemptsPerTarget: 1 });
function toSettings(options) {
  const parsed = poolOptions.safeParse(options);
  if (!parsed.success) throw configError("ProviderPool", parsed.error);
  const names = options.providers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== void 0)
    throw new ConfigError(`ProviderPool: providers: two are named "${twice}"; give one another \`name\``);
  const { data } = parsed;
  return { retry: data.retry || noRetry, breaker: data.breaker, timeouts: data.timeouts };
}
function checkCall(call) {
  const parsed = callOptions.safeParse(call);
  if (!parsed.success) throw configError("call options", parsed.error);
  if (call.apiKey !== void 0 && call.provider === void 0) {
    throw new ConfigError("call options: apiKey: needs `provider`, so that the key goes to one known host");
  }
}
function configError(what, error) {
  const faults = error.issues.flatMap(describe2);
  return new ConfigError(`${what}: ${faults.join("; ")}`, { param: faults[0]?.split(":")[0] });
}
function describe2(issue) {
  const path = z2.core.toDotPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${path ? `${path}.` : ""}${key}: no such option`);
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const depth = (form) => Math.max(0, ...form.map(({ path: path2 }) => path2.length));
    const nearest = issue.errors.reduce((best, form) => depth(form) > depth(best) ? form : best);
    return nearest.flatMap((inner) => describe2({ ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [`${path || "options"}: ${issue.message.replace(/^Invalid input: /, "")}`];
}

// src/pool/provider-pool.ts
var NO_OPTIONS = {};
var ProviderPool = class _ProviderPool {
  #providers;
  #settings;
  #defaults;
  #environment;
  #emitter;
  #states;
  #handle;
  #lifecycle = new Lifecycle();
  #closed;
  /** @throws ConfigError naming every option that is wrong or unknown, before anything is sent */
  constructor(options, environment = realEnvironment) {
    const settings = toSettings(options);
    const { nowMs, epochMs, random } = environment;
    this.#providers = [...options.providers];
    this.#settings = settings;
    this.#environment = environment;
    this.#defaults = {
      totalMs: settings.timeouts.totalMs,
      strict: options.strict ?? false,
      retiredModels: options.retiredModels ?? "warn"
    };
    this.#emitter = new Emitter(epochMs);
    const teller = { emit: this.#emitter.emit, nowMs, epochMs };
    this.#states = new ProviderStates({ settings, teller, random });
    const strategy = options.routing ?? priority();
    this.#handle = assemble({
      settings,
      states: this.#states,
      plan: planner({ router: new Router(options), strategy, states: this.#states, teller }),
      prices: new PriceTable(options.cost?.prices),
      middleware: options.middleware ?? [],
      teller,
      random
    });
  }
  /**
   * A pool of every provider whose API key is in the environment.
   *
   * @throws ConfigError when there is none; the message names the variables that were looked for
   */
  static fromEnv(options = {}) {
    return new _ProviderPool(optionsFromEnv(options));
  }
  /**
   * Sends a chat request and resolves with the whole answer.
   *
   * The caller sees nothing before the answer is complete, so the pool may retry and fail over until then.
   *
   * @param request - OpenAI-style; `n` must be absent or 1; `stream` is ignored
   * @throws RunestoneError `invalid_request`, `no_route`, `failover_exhausted`, `deadline_exceeded`, `cancelled`,
   *   `pool_closed`, or the code of the only provider tried
   */
  async request(request, call = NO_OPTIONS) {
    return (await this.#open(request, call, false)).completion(true);
  }
  /**
   * Sends a chat request and resolves with a stream once the first content has arrived.
   *
   * Until then the pool may retry and fail over; afterwards an error ends the stream. Leaving the loop early
   * cancels the request upstream.
   *
   * @param request - OpenAI-style; `n` must be absent or 1
   * @returns a stream for one consumer
   * @throws RunestoneError as `request` does
   *
   * @example
   * for await (const text of (await pool.streamRequest({ model: 'fast', messages })).text()) {
   *   process.stdout.write(text);
   * }
   */
  async streamRequest(request, call = NO_OPTIONS) {
    return new ChatStream(await this.#open(request, call, true));
  }
  /**
   * Subscribes to one event, to one provider's (`provider.anthropic.request.stop`), or to all (`*`).
   *
   * Listeners run at once and in order; what they throw never reaches a request.
   *
   * @returns a function that ends the subscription
   */
  on(name, listener) {
    return this.#emitter.on(name, listener);
  }
  /** Every provider with its models and the state of its targets, as live traffic has shown it. */
  providers() {
    const states = [...this.#states.all()];
    const now = this.#environment.epochMs();
    return this.#providers.map(
      (provider2) => providerInfo(
        provider2,
        states.filter(({ target }) => target.provider === provider2),
        now
      )
    );
  }
  /** The status of the pool and of each provider. Passive: nothing is sent. */
  health() {
    return poolHealth(this.providers());
  }
  /**
   * Asks one provider whether it would answer: the cheapest call there is. Never throws for a provider that is down.
   *
   * @throws ConfigError when no provider has that name
   */
  async checkHealth(name) {
    const provider2 = this.#providers.find((each) => each.name === name);
    if (!provider2) {
      const have = this.#providers.map((each) => each.name).join(", ");
      throw new ConfigError(`no provider is named "${name}" (have: ${have})`);
    }
    return checkProvider(provider2, this.#settings.timeouts.connectMs, this.#environment.nowMs);
  }
  /** Counts since the pool was made. Cheap enough to be asked every second. */
  stats() {
    const targets = [...this.#states.all()].map((state) => [
      state.target.label,
      { ...state.stats.row(), circuit: state.circuit }
    ]);
    return { total: this.#states.total.row(), targets: Object.fromEntries(targets) };
  }
  /**
   * Admits no further request, waits for those under way, ends what is left, and lets go of all connections.
   *
   * @param options.drainMs - how long to wait, in milliseconds. @default 10_000
   */
  close(options = {}) {
    this.#closed ??= this.#close(options.drainMs ?? 1e4);
    return this.#closed;
  }
  [Symbol.asyncDispose]() {
    return this.close();
  }
  async #close(drainMs) {
    await this.#lifecycle.drain(drainMs);
    await Promise.all(this.#providers.map(async (provider2) => provider2.close?.()));
  }
  async #open(input, call, stream2) {
    this.#lifecycle.enter();
    if (call !== NO_OPTIONS) checkCall(call);
    const request = parseRequest(input, stream2);
    const running = new RunningRequest(request, call, this.#defaults, this.#environment);
    const onEnd = () => this.#lifecycle.ended(running);
    this.#lifecycle.began(running);
    try {
      return new Answer(running, await openStream(this.#handle(running.context), !stream2), onEnd);
    } catch (error) {
      onEnd();
      throw running.explain(error, { committed: false });
    }
  }
};

// examples/_mb.ts
var q = {
  model: "claude-sonnet-5-5",
  max_tokens: 1e3,
  messages: [{ role: "user", content: "Tell me about the sea." }]
};
async function mb(name, f, n = 3e4) {
  for (let r = 0; r < 4; r++) {
    const t = process.cpuUsage();
    for (let i = 0; i < n; i++) {
      const p = f();
      if (p instanceof Promise) await p;
    }
    const d = process.cpuUsage(t);
    if (r === 3) console.log(name.padEnd(30), ((d.user + d.system) / n).toFixed(2), "us");
  }
}
var req = parseRequest(q, false);
await mb("parseRequest", () => parseRequest(q, false));
var model = resolveClaudeModel("claude-sonnet-5-5");
await mb("resolveModel", () => resolveClaudeModel("claude-sonnet-5-5"));
var opts = { provider: "anthropic", stream: false, strict: false, retiredModels: "warn" };
await mb("encodeRequest", () => encodeRequest(req, model, opts));
var enc = encodeRequest(req, model, opts);
var msg = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5-5",
  content: [{ type: "text", text: "hello ".repeat(200) }],
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: {
    input_tokens: 10,
    output_tokens: 200,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    service_tier: "standard"
  }
};
await mb("reducer whole", () => {
  const out = [];
  const r = new MessageReducer(enc.reading, { provider: "anthropic", created: 1 });
  readMessage(msg, r, out);
  return out;
});
var head = [
  { type: "message_start", message: { ...msg, content: [], stop_reason: null } },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }
];
var r2 = new MessageReducer(enc.reading, { provider: "anthropic", created: 1 });
var o2 = [];
for (const h of head) r2.push(h, o2);
var delta = { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "sea" } };
await mb(
  "reducer delta",
  () => {
    const o = [];
    r2.push(delta, o);
    return o;
  },
  3e5
);
var evs = [
  [
    { type: "start", id: "x", model: "m", created: 1 },
    { type: "text_delta", text: "hi" },
    { type: "usage", usage: { inputTokens: 1, outputTokens: 2 } },
    { type: "finish", reason: "stop", raw: "end_turn" }
  ]
];
var prov = {
  name: "p",
  models: [{ id: "m" }],
  defaultModel: "m",
  async *stream() {
    yield* evs;
  }
};
for (const listeners of [0, 3]) {
  const pool = new ProviderPool({ providers: [prov] });
  if (listeners)
    for (const e of ["request.stop", "provider.request.stop", "cost.recorded"]) pool.on(e, () => {
    });
  await mb(`pool.request ${listeners} listeners`, () => pool.request({ ...q, model: "m" }), 2e4);
}
