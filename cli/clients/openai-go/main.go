// A round of OpenAI's client for Go against the simulated service. Prints one line of JSON for each part.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/conversations"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/responses"
)

type fields = map[string]any

var ctx = context.Background()
var client openai.Client

type place struct {
	Name    string `json:"name"`
	Degrees int    `json:"degrees"`
}

type report struct {
	Best   place   `json:"best"`
	Others []place `json:"others"`
}

var placeSchema = fields{
	"type":                 "object",
	"properties":           fields{"name": fields{"type": "string"}, "degrees": fields{"type": "integer"}},
	"required":             []string{"name", "degrees"},
	"additionalProperties": false,
}

var reportSchema = fields{
	"type":                 "object",
	"$defs":                fields{"Place": placeSchema},
	"properties":           fields{"best": fields{"$ref": "#/$defs/Place"}, "others": fields{"type": "array", "items": fields{"$ref": "#/$defs/Place"}}},
	"required":             []string{"best", "others"},
	"additionalProperties": false,
}

func main() {
	client = openai.NewClient(option.WithBaseURL(os.Args[1]), option.WithAPIKey("any"), option.WithMaxRetries(2))
	for _, part := range []func(){create, stream, parse, callTool, chain, conversation, background, retries} {
		part()
	}
}

// bring returns the option whose header brings the answer of a request.
func bring(items []fields, faults ...fields) option.RequestOption {
	answer := fields{"items": items}
	if len(faults) > 0 {
		answer["faults"] = faults
	}
	return option.WithHeader("x-conformance-answer", encode(answer))
}

func says(text string) []fields {
	return []fields{{"type": "text", "text": text}}
}

func tell(part string, found fields) {
	found["part"] = part
	fmt.Println(encode(found))
}

func encode(value any) string {
	text, err := json.Marshal(value)
	check(err)
	return string(text)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func ask(input string) responses.ResponseNewParams {
	return responses.ResponseNewParams{
		Model: "gpt-5.1",
		Input: responses.ResponseNewParamsInputUnion{OfString: param.NewOpt(input)},
	}
}

func create() {
	answer, err := client.Responses.New(ctx, ask("hi"), bring(says("Hello.")))
	check(err)
	tell("create", fields{"text": answer.OutputText(), "status": answer.Status})
}

func stream() {
	events := client.Responses.NewStreaming(ctx, ask("hi"), bring(says("Hello there.")))
	text, types := "", []string{}
	for events.Next() {
		event := events.Current()
		types = append(types, event.Type)
		if event.Type == "response.output_text.delta" {
			text += event.Delta
		}
	}
	check(events.Err())
	tell("stream", fields{"text": text, "first": types[0], "last": types[len(types)-1]})
}

func parse() {
	body := ask("hi")
	body.Text.Format = responses.ResponseFormatTextConfigUnionParam{
		OfJSONSchema: &responses.ResponseFormatTextJSONSchemaConfigParam{Name: "report", Schema: reportSchema, Strict: param.NewOpt(true)},
	}
	answer, err := client.Responses.New(ctx, body)
	check(err)
	var parsed report
	decoder := json.NewDecoder(strings.NewReader(answer.OutputText()))
	decoder.DisallowUnknownFields()
	check(decoder.Decode(&parsed))
	tell("parse", fields{"parsed": parsed.Others != nil})
}

func callTool() {
	body := ask("look")
	parameters := fields{
		"type": "object", "properties": fields{"place": fields{"type": "string"}},
		"required": []string{"place"}, "additionalProperties": false,
	}
	tool := responses.FunctionToolParam{Name: "look", Parameters: parameters, Strict: param.NewOpt(true)}
	body.Tools = []responses.ToolUnionParam{{OfFunction: &tool}}
	first, err := client.Responses.New(ctx, body, bring([]fields{{"type": "call", "tool": "look", "args": fields{"place": "Oslo"}}}))
	check(err)
	call := first.Output[len(first.Output)-1]
	next := ask("")
	next.Tools, next.PreviousResponseID = body.Tools, param.NewOpt(first.ID)
	output := responses.ResponseInputItemParamOfFunctionCallOutput("sunny")
	output.OfFunctionCallOutput.CallID = param.NewOpt(call.CallID)
	next.Input = responses.ResponseNewParamsInputUnion{OfInputItemList: responses.ResponseInputParam{output}}
	second, err := client.Responses.New(ctx, next, bring(says("Sunny.")))
	check(err)
	tell("tools", fields{"name": call.Name, "text": second.OutputText()})
}

func chain() {
	first, err := client.Responses.New(ctx, ask("one"), bring(says("First.")))
	check(err)
	body := ask("two")
	body.PreviousResponseID = param.NewOpt(first.ID)
	second, err := client.Responses.New(ctx, body, bring(says("Second.")))
	check(err)
	kept, err := client.Responses.Get(ctx, second.ID, responses.ResponseGetParams{})
	check(err)
	tell("chain", fields{"previous": kept.PreviousResponseID == first.ID, "text": kept.OutputText()})
}

func conversation() {
	held, err := client.Conversations.New(ctx, conversations.ConversationNewParams{})
	check(err)
	for _, said := range []string{"First.", "Second."} {
		body := ask("go on")
		body.Conversation = responses.ResponseNewParamsConversationUnion{OfString: param.NewOpt(held.ID)}
		_, err = client.Responses.New(ctx, body, bring(says(said)))
		check(err)
	}
	page, err := client.Conversations.Items.List(ctx, held.ID, conversations.ItemListParams{})
	check(err)
	_, err = client.Conversations.Delete(ctx, held.ID)
	check(err)
	tell("conversation", fields{"items": len(page.Data)})
}

func background() {
	body := ask("later")
	body.Background = param.NewOpt(true)
	begun, err := client.Responses.New(ctx, body, bring(says("Done.")))
	check(err)
	for begun.Status == "queued" || begun.Status == "in_progress" {
		begun, err = client.Responses.Get(ctx, begun.ID, responses.ResponseGetParams{})
		check(err)
	}
	again, err := client.Responses.New(ctx, body, bring(says("Never.")))
	check(err)
	cancelled, err := client.Responses.Cancel(ctx, again.ID)
	check(err)
	tell("background", fields{"text": begun.OutputText(), "cancelled": cancelled.Status})
}

func retries() {
	answer, err := client.Responses.New(ctx, ask("hi"), bring(says("At last."), fields{"kind": "http", "status": 429}, fields{"kind": "refuse-connection"}))
	check(err)
	_, err = client.Responses.Get(ctx, "resp_0000000000000000000000000000000000000000000000000a", responses.ResponseGetParams{})
	var refused *openai.Error
	if !errors.As(err, &refused) {
		panic(err)
	}
	tell("errors", fields{"text": answer.OutputText(), "missing": refused.StatusCode})
}
