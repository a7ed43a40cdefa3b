/**
 * The words of the protocol, which are kept. A test compares keys and literals with the types of the installed `openai`
 * package. Other words were measured or come from SERVICE-FACTS 6.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(Boolean))

/** Keys of requests, responses, items and stream events. Any other key is a name that somebody chose. */
export const KEYS = words(`
  access_programs acknowledged_safety_checks action actions allowed_callers allowed_domains allowed_tools
  always annotation annotation_index annotations approval_request_id approve arguments async attributes
  authorization background billing blocked button bytes cache_missed_tokens cache_write_tokens
  cache_write_tokens_details cached_image_tokens cached_text_tokens cached_tokens cached_tokens_details
  call_id caller caller_id categories category_applied_input_types category_scores check_offset city
  client_metadata code command command_index commands compact_threshold comparison_response_id
  comparison_reusable_tokens completed_at complexity connector_id container container_id content
  content_filter_offsets content_filter_raw content_filter_results content_filters content_index context
  context_compression context_management conversation conversation_id country create_time created_at
  created_by cyber data defer_loading definition deleted delta description detail detailed_explanation
  detected diff display_height display_width domain domain_secrets effort embedding_weight
  encrypted_content end_index end_offset env environment error error_type execution exit_code
  external_web_access file_data file_id file_ids file_url filename filtered filters fingerprint first_id
  flagged format frame_count frame_duration_ms frequency_penalty generate generate_summary grammar
  has_more headers hybrid_search id image image_gen image_tokens image_url include include_obfuscation
  incomplete_details index input inputItems inputTokens input_audio input_fidelity input_image_mask
  input_schema input_tokens input_tokens_details instructions internal_chat_message_metadata_passthrough
  is_error item item_id items json_schema key keys last_id logprob logprobs logs max_num_results
  max_output_length max_output_tokens max_tool_calls media_type memory_limit message metadata misalignment
  mode model moderation moderation_details moderation_stage n name namespace network_policy never
  num_requests obfuscation object operation order outcome output output_compression output_format
  output_index output_parsed output_schema output_text output_tokens output_tokens_details outputs
  parallel_tool_calls param parameters parsed parsed_arguments part partial_image_b64 partial_image_index
  partial_images path pattern payer pending_safety_checks personality phase policy presence_penalty
  previous_response_id prewarm prompt prompt_cache_breakpoint prompt_cache_diagnostics prompt_cache_key
  prompt_cache_options prompt_cache_retention quality queries query ranker ranking_options read_only
  reason reasoning reasoning_tokens refusal region require_approval required_input response response_id
  result results return_token_budget review_target revised_prompt role safety_identifier schema score
  score_threshold scroll_x scroll_y search_content_types search_context_size sequence_number
  server_description server_label server_url service_tier severity size skill_id skills source source_type
  sources start_index start_offset starting_after status stderr stdout steer store stream stream_id
  stream_options strict summary summary_index svg svg_usage syntax temperature text text_tokens
  text_weight timeout_ms timezone title token tool_choice tool_names tool_usage tools top_logprobs top_p
  total_tokens transcript truncation ttl ttl_12h_tokens ttl_30m_tokens tunnel_id type url usage user
  user_location value variables vector_store_id vector_store_ids verbosity version web_search
  working_directory x y
`)

/** Values of `type`, `status`, `role`, `code` and the like. */
export const LITERALS = words(`
  1024x1024 1024x1536 12h 1536x1024 16g 1g 24h 30m 4g 64g additional_tools all_turns allowed_tools
  allowlist always and application/zip apply_patch apply_patch_call apply_patch_call_output approximate
  asc assistant authentication_error auto back base64 bio_policy block body browser cache_hit cache_miss
  calling cancelled click client code_interpreter code_interpreter_call code_interpreter_call.outputs
  commentary compaction compaction_trigger comparison_response_not_found completed computer computer_call
  computer_call_output computer_call_output.output.image_url computer_screenshot computer_use
  computer_use_preview concise configuration_update connector_dropbox connector_gmail
  connector_googlecalendar connector_googledrive connector_microsoftteams connector_outlookcalendar
  connector_outlookemail connector_sharepoint container_auto container_file_citation container_reference
  content_filter context_compacted context_length_exceeded conversation conversation.deleted
  conversation_locked create_file credit_balance_exhausted critic current_turn custom custom_tool_call
  custom_tool_call_output data data_residency_mismatch daybreak_blue daybreak_red decimal_below_min_value
  default delete_file desc detailed developer direct disabled discriminator double_click drag edit
  empty_image_file enabled eq error exec exit explicit failed failed_to_download_image fast file_citation
  file_path file_search file_search_call file_search_call.results final_answer find_in_page flex forward
  friendly function function_call function_call_output generate generating gif grammar gt gte headers high
  http_error image image_content_policy_violation image_file_not_found image_file_too_large
  image_generation image_generation_call image_parse_error image_too_large image_too_small implicit in
  in_memory in_progress incomplete inline input input_audio input_changed input_file input_image
  input_json input_text insufficient_quota integer_above_max_value interpreting invalid_api_key
  invalid_base64_image invalid_encrypted_content invalid_function_parameters invalid_grant
  invalid_id_prefix invalid_image invalid_image_format invalid_image_mode invalid_image_url invalid_input
  invalid_json invalid_json_schema invalid_prompt invalid_request_error invalid_subject_token
  invalid_value item item_reference jpeg json_object json_schema keypress lark left linux list local
  local_shell local_shell_call local_shell_call_output logs low lt lte mac max max_messages
  max_output_tokens mcp mcp_approval_request mcp_approval_response mcp_call mcp_list_tools
  mcp_protocol_error mcp_tool_execution_error medium message message.input_image.image_url
  message.output_text.logprobs minimal misalignment_policy_violation missing_required_parameter
  model_changed model_not_found moderation_result move mp3 mutually_exclusive_parameters namespace ne
  never nin none not_found not_found_error opaque open_page or original other output output_audio
  output_text path permission_error png potentially_unintended_data_access
  potentially_unintended_data_transfer potentially_unintended_destructive_activity pragmatic
  previous_response_not_found priority pro program program_output programmatic programmatic_tool_calling
  prompt_cache_key_changed python query queued rate_limit_error rate_limit_exceeded reasoning
  reasoning.encrypted_content reasoning_effort_changed reasoning_text refusal regex requests required
  response response.audio.delta response.audio.done response.audio.transcript.delta
  response.audio.transcript.done response.code_interpreter_call.completed
  response.code_interpreter_call.in_progress response.code_interpreter_call.interpreting
  response.code_interpreter_call_code.delta response.code_interpreter_call_code.done response.compaction
  response.compaction.compacting response.completed response.content_part.added response.content_part.done
  response.create response.created response.custom_tool_call_input.delta
  response.custom_tool_call_input.done response.deleted response.failed
  response.file_search_call.completed response.file_search_call.in_progress
  response.file_search_call.searching response.function_call_arguments.delta
  response.function_call_arguments.done response.image_generation_call.completed
  response.image_generation_call.generating response.image_generation_call.in_progress
  response.image_generation_call.partial_image response.in_progress response.incomplete
  response.input_tokens response.mcp_call.completed response.mcp_call.failed response.mcp_call.in_progress
  response.mcp_call_arguments.delta response.mcp_call_arguments.done response.mcp_list_tools.completed
  response.mcp_list_tools.failed response.mcp_list_tools.in_progress response.output_item.added
  response.output_item.done response.output_text.annotation.added response.output_text.delta
  response.output_text.done response.queued response.reasoning_summary_part.added
  response.reasoning_summary_part.done response.reasoning_summary_text.delta
  response.reasoning_summary_text.done response.reasoning_text.delta response.reasoning_text.done
  response.refusal.delta response.refusal.done response.shell_call_command.added
  response.shell_call_command.delta response.shell_call_command.done
  response.shell_call_output_content.delta response.shell_call_output_content.done response.steer
  response.steer.accepted response.steer.failed response.steer.pending response.web_search_call.completed
  response.web_search_call.in_progress response.web_search_call.searching response_already_completed
  response_not_active response_not_found right scale score screenshot scroll search searching server
  server_error service_tier_changed service_unavailable_error shell shell_call shell_call_output
  skill_reference standard steered steering_not_supported stream string_above_max_length
  successor_creation_failed summary_text svg system text text_format_changed timeout tokens
  too_many_pending_steers too_many_requests tool tool_search tool_search_call tool_search_output
  tools_changed transparent type ubuntu ultrafast unavailable unknown unknown_parameter unsupported_file
  unsupported_image_media_type unsupported_parameter unsupported_value update_file upstream_unreachable
  url url_citation user vector_store_timeout verbosity_changed wait waiting_for_required_input wav
  web_search web_search_2025_08_26 web_search_call web_search_call.action.sources web_search_call.results
  web_search_preview web_search_preview_2025_03_11 webp wheel windows xhigh
`)

/** The keywords of JSON Schema, with formats and types. */
export const SCHEMA_KEYWORDS = words(`
  $anchor $comment $defs $id $ref $schema additionalItems additionalProperties allOf anyOf const contains
  contentEncoding contentMediaType default definitions dependentRequired dependentSchemas deprecated description
  discriminator else enum example examples exclusiveMaximum exclusiveMinimum format if items maxContains maxItems
  maxLength maxProperties maximum minContains minItems minLength minProperties minimum multipleOf not nullable oneOf
  pattern patternProperties prefixItems properties propertyNames readOnly required strict then title type
  unevaluatedItems unevaluatedProperties uniqueItems writeOnly
`)

export const SCHEMA_VALUES = words(`
  array boolean integer null number object string base64 byte date date-time duration email hostname int32 int64 ipv4
  ipv6 float double regex time uri uri-reference uuid
`)

/** The parts of public model names. Other parts of a name are replaced. */
export const MODEL_PARTS = words(`
  002 1 1.5 16k 2 2.5 2.6 3.5 32k 4 4.1 4o 5 5.1 5.2 5.3 5.4 5.5 5.6 6 6.1 ada astra audio blue chat
  chatgpt codex computer cyber daybreak deep embedding flare gpt image large latest luna max mini nano o1
  o3 o4 preview pro red research rosalind search small sol sunburst terra text turbo use vision
`)
