// The oracle: asks BuildKit's and moby's own packages what they make of an input. One JSON object a line in, one out.
// Build it with `go build`; scripts/oracle/compare.ts does, and compares our answers with these.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	gofs "io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
)

type request struct {
	Kind    string            `json:"kind"`
	Text    string            `json:"text"`
	Env     map[string]string `json:"env"`
	Escape  string            `json:"escape"`
	Paths   []string          `json:"paths"`
	Pattern string            `json:"pattern"`
}

type answer map[string]any

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	decoder := json.NewDecoder(in)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for decoder.More() {
		var r request
		if err := decoder.Decode(&r); err != nil {
			panic(err)
		}
		if err := encoder.Encode(reply(r)); err != nil {
			panic(err)
		}
	}
}

func reply(r request) (a answer) {
	defer func() {
		if p := recover(); p != nil {
			a = answer{"panic": true}
		}
	}()
	switch r.Kind {
	case "parse":
		return parse(r.Text)
	case "expand":
		return expand(r)
	case "ignore":
		return ignore(r)
	case "match":
		ok, err := filepath.Match(r.Pattern, r.Text)
		return answer{"match": ok, "error": message(err)}
	}
	return answer{"error": "unknown kind"}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func parse(text string) answer {
	syntax, _, _, _ := parser.DetectSyntax([]byte(text))
	a := answer{"syntax": syntax}
	result, err := parser.Parse(strings.NewReader(text))
	if err != nil {
		a["error"] = err.Error()
		return a
	}
	a["dump"] = result.AST.Dump()
	a["warnings"] = len(result.Warnings)
	var heredocs []string
	var lines [][2]int
	for _, n := range result.AST.Children {
		lines = append(lines, [2]int{n.StartLine, n.EndLine})
		for _, h := range n.Heredocs {
			heredocs = append(heredocs, h.Name, h.Content)
		}
	}
	a["heredocs"] = heredocs
	a["lines"] = lines
	errs := []string{}
	for _, n := range result.AST.Children {
		cmd, err := instructions.ParseInstruction(n)
		if run, ok := cmd.(*instructions.RunCommand); ok && err == nil {
			// Mount options are read when the step is built.
			err = run.Expand(func(word string) (string, error) { return word, nil })
		}
		errs = append(errs, message(err))
	}
	a["errors"] = errs
	return a
}

type env map[string]string

func (e env) Get(k string) (string, bool) { v, ok := e[k]; return v, ok }
func (e env) Keys() []string              { return nil }

func expand(r request) answer {
	lex := shell.NewLex(rune(r.Escape[0]))
	result, err := lex.ProcessWordWithMatches(r.Text, env(r.Env))
	words, _ := lex.ProcessWords(r.Text, env(r.Env))
	a := answer{"error": message(err), "words": words, "used": names(result.Matched), "missing": names(result.Unmatched)}
	if err == nil {
		a["text"] = result.Result
	}
	return a
}

func names(m map[string]struct{}) []string {
	out := []string{}
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// ignore answers twice: for each path alone, and for a real walk of a folder that holds the paths.
func ignore(r request) answer {
	patterns, err := ignorefile.ReadAll(strings.NewReader(r.Text))
	if err != nil {
		return answer{"error": err.Error()}
	}
	a := answer{"patterns": patterns}
	matcher, err := patternmatcher.New(patterns)
	if err != nil {
		a["error"] = err.Error()
		return a
	}
	single := []bool{}
	for _, p := range r.Paths {
		ok, err := matcher.MatchesOrParentMatches(p)
		if err != nil {
			a["error"] = err.Error()
			return a
		}
		single = append(single, ok)
	}
	a["single"] = single
	sent, err := walk(patterns, r.Paths)
	if err != nil {
		a["error"] = err.Error()
		return a
	}
	a["sent"] = sent
	return a
}

func walk(patterns, paths []string) ([]string, error) {
	root, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(root)
	for _, p := range paths {
		full := filepath.Join(root, p)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil && !errors.Is(err, os.ErrExist) {
			continue
		}
		_ = os.WriteFile(full, nil, 0o644)
	}
	sent := []string{}
	err = fsutil.WalkDir(context.Background(), root, &fsutil.FilterOpt{ExcludePatterns: patterns}, func(path string, d gofs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			sent = append(sent, path)
		}
		return nil
	})
	sort.Strings(sent)
	return sent, err
}
