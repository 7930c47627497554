/** What a request can be warned of before it is sent. With `strict`, each of them is an `invalid_request` instead. */
export type RequestWarningCode =
  /** A parameter that Claude, or this model, has not; not sent. */
  | 'unsupported_parameter'
  /** A field that this version does not know; not sent. */
  | 'unknown_parameter'
  /** A value that cannot be sent; left out or replaced. */
  | 'unsupported_value'
  /** A number or level out of range; sent as the nearest there is. */
  | 'clamped'
  /** Not in the table of models. */
  | 'unknown_model'
  | 'model_deprecated'
  | 'model_retired'
  /** Sent to the successor of a retired model. */
  | 'model_remapped'
  /** JSON is asked for in words and not enforced. */
  | 'json_object_best_effort'
  /** A schema that cannot be enforced; sent without `strict`. */
  | 'strict_dropped'
  /** A combination of schemas, sent as one object. */
  | 'schema_merged'
  /** A free-form tool, sent as a function with one text. */
  | 'custom_tool_emulated'
  /** A name that Claude does not take; mapped back in the answer. */
  | 'tool_name_aliased'
  /** A call that cannot be forced here; asked for in words. */
  | 'forced_tool_choice_weakened'
  /** Tools are left out, which loses the cached prefix. */
  | 'cache_prefix_changed'
  /** Arguments in the history that are no JSON object; wrapped. */
  | 'invalid_tool_arguments'
  /** A result without a call; not sent. */
  | 'orphan_tool_result'
  /** A second result of a call; the last one is sent. */
  | 'duplicate_tool_result'
  /** A call without a result; an error result is sent. */
  | 'missing_tool_result'
  /** Content where only results may stand; sent inside the last one. */
  | 'moved_into_tool_result'
  /** The name of a participant; not sent. */
  | 'name_dropped'
  /** A system message where none may stand; sent as marked text of the user. */
  | 'system_downgraded'
  /** An id of an end user that is personal; its hash is sent. */
  | 'user_id_hashed'
  /** No room for thinking under the cap of the answer. */
  | 'thinking_disabled'
  /** A running tool loop has lost its signed reasoning. */
  | 'thinking_disabled_missing_blocks'
  /** Reasoning that upstream refused; sent without, in a second request. */
  | 'thinking_stripped';

/** What an answer can be warned of. It has come and is paid for, so that `strict` changes nothing here. */
export type AnswerWarningCode =
  /** Another model took over: earlier calls are not to be executed. */
  | 'void_tool_calls'
  /** The model answered without the call asked for. */
  | 'forced_tool_choice_unmet'
  /** A reason to end that this version does not know; told as `stop`. */
  | 'unknown_stop_reason'
  /** The stream broke off after the stop reason; the answer is complete. */
  | 'missing_end';
