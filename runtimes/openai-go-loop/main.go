// Package main runs the smallest correct tool loop on openai-go. It asks the model, runs the tools that the model calls, and
// sends their results, until the model answers without a call. A conversation changes only if its run succeeds.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"agent-conformance/driver"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"
)

const module = "github.com/openai/openai-go/v3"

const supports = "stream tools parallel-tools history previous-response same-context final-only iterate-then-final abort return drop retries settings items"

// retries is what the documentation of openai-go promises.
var retries = fields{
	"most": 2,
	"docs": "Certain errors will be automatically retried 2 times by default, with a short exponential backoff. We retry by default all connection errors, 408 Request Timeout, 409 Conflict, 429 Rate Limit, and >=500 Internal errors.",
}

type fields = driver.Fields

// memory keeps one conversation: its items, or the id of its last response.
type memory struct {
	items []json.RawMessage
	last  string
}

// failure is the error of an answer.
type failure struct{ code, message string }

func (f failure) Error() string { return f.message }

func main() {
	var version string
	built, _ := debug.ReadBuildInfo()
	for _, one := range built.Deps {
		if one.Path == module {
			version = strings.TrimPrefix(one.Version, "v")
		}
	}
	driver.Serve(driver.Runtime{
		Name: "openai-go-loop", Version: version, Supports: strings.Fields(supports), Open: openPlan, DescribeError: describeError,
		Pauses: module + "/internal/requestconfig.", Retries: retries,
	})
}

// openPlan returns the function that executes the runs of one plan.
func openPlan(world *driver.World) driver.Run {
	options := []option.RequestOption{option.WithBaseURL(world.BaseURL), option.WithAPIKey(world.APIKey)}
	for key, value := range world.Team[0].Settings {
		options = append(options, option.WithJSONSet(key, value))
	}
	client := openai.NewClient(options...)
	memories := map[int]*memory{}
	for n := range 64 {
		memories[n] = &memory{}
	}
	return func(ctx context.Context, request driver.Message, emit func(fields)) (fields, error) {
		known, chained := memories[request.Conversation], request.Session == "previous-response"
		last, sent, usage := known.last, 0, fields{"input": int64(0), "output": int64(0)}
		gathered := []json.RawMessage{toJSON(fields{"role": "user", "content": request.Input})}
		for {
			body := buildParams(world, request.Store)
			items := append(append([]json.RawMessage{}, known.items...), gathered...)
			if chained {
				items = gathered[sent:]
			}
			if chained && last != "" {
				body.PreviousResponseID = param.NewOpt(last)
			}
			for _, one := range items {
				body.Input.OfInputItemList = append(body.Input.OfInputItemList, param.Override[responses.ResponseInputItemUnionParam](one))
			}
			answer, err := ask(ctx, client, body, request.Stream, emit)
			if err != nil {
				return nil, err
			}
			last = answer.ID
			usage["input"] = usage["input"].(int64) + answer.Usage.InputTokens
			usage["output"] = usage["output"].(int64) + answer.Usage.OutputTokens
			text, calls := "", []responses.ResponseOutputItemUnion{}
			for _, one := range answer.Output {
				gathered = append(gathered, json.RawMessage(one.RawJSON()))
				if one.Type == "function_call" {
					calls = append(calls, one)
				}
				for _, part := range one.Content {
					text += part.Text + part.Refusal
				}
			}
			// The service already has its own answer, so the next request starts after it.
			sent = len(gathered)
			if len(calls) == 0 || answer.Status == "incomplete" {
				if answer.Status == "completed" && chained {
					known.last = last
				} else if answer.Status == "completed" {
					known.items = append(known.items, gathered...)
				}
				return fields{"status": answer.Status, "text": text, "agent": world.Team[0].Name, "usage": usage}, nil
			}
			for _, call := range calls {
				value, err := world.Tool(ctx, request.Run, call.CallID, call.Name, json.RawMessage(call.Arguments.OfString))
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
				gathered = append(gathered, toJSON(fields{"type": "function_call_output", "call_id": call.CallID, "output": formatOutput(value, err)}))
			}
		}
	}
}

func buildParams(world *driver.World, store bool) (body responses.ResponseNewParams) {
	body.Model, body.Instructions, body.Store = "gpt-5.1", param.NewOpt(world.Team[0].Instructions), param.NewOpt(store)
	if !store { // The client must send reasoning back, which only works in encrypted form.
		body.Include = []responses.ResponseIncludable{responses.ResponseIncludableReasoningEncryptedContent}
	}
	for _, tool := range world.Team[0].Tools {
		one := responses.FunctionToolParam{Name: tool.Name, Parameters: tool.Parameters, Strict: param.NewOpt(false)}
		if tool.Description != "" {
			one.Description = param.NewOpt(tool.Description)
		}
		body.Tools = append(body.Tools, responses.ToolUnionParam{OfFunction: &one})
	}
	return body
}

func ask(ctx context.Context, client openai.Client, body responses.ResponseNewParams, streamed bool, emit func(fields)) (answer *responses.Response, err error) {
	if !streamed {
		answer, err = client.Responses.New(ctx, body)
		if err == nil && answer.Status == "failed" {
			err = failure{string(answer.Error.Code), answer.Error.Message}
		}
		return answer, err
	}
	stream := client.Responses.NewStreaming(ctx, body)
	defer func() { _ = stream.Close() }()
	for stream.Next() {
		switch event := stream.Current(); event.Type {
		case "response.output_text.delta", "response.refusal.delta":
			emit(fields{"kind": "text", "text": event.Delta})
		case "response.output_item.done":
			emit(fields{"kind": "item", "type": event.Item.Type, "id": event.Item.ID})
		case "error":
			return nil, failure{event.Code, event.Message}
		case "response.failed":
			return nil, failure{string(event.Response.Error.Code), event.Response.Error.Message}
		case "response.completed", "response.incomplete":
			answer = &event.Response
		}
	}
	err = errors.Join(stream.Err(), ctx.Err())
	if err == nil && answer == nil {
		err = errors.New("the stream ended without a terminal event")
	}
	return answer, err
}

func toJSON(value fields) json.RawMessage {
	text, _ := json.Marshal(value)
	return text
}

// formatOutput returns the output of a tool for the model: an error message, a text, or any other value as JSON.
func formatOutput(value json.RawMessage, err error) (text string) {
	if err != nil {
		return "The tool failed: " + err.Error()
	}
	if json.Unmarshal(value, &text) != nil {
		return string(value)
	}
	return text
}

// describeError returns the name, message, status and code of an error.
func describeError(err error) fields {
	shaped := fields{"name": fmt.Sprintf("%T", err), "message": err.Error()}
	var refused *openai.Error
	var failed failure
	if errors.As(err, &refused) {
		shaped["status"], shaped["code"], shaped["message"] = refused.StatusCode, refused.Code, refused.Message
	} else if errors.As(err, &failed) {
		shaped["code"] = failed.code
	}
	return shaped
}
