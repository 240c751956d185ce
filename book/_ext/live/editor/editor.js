// The editor of a live cell, bundled into ../assets/live/editor.mjs by `npm run build`.
import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

/** Put an editor for Python into `parent`. `run` is called by Shift-Enter, `changed` after each edit. */
export function edit(parent, { code, label, run, changed }) {
  const go = () => (run(), true);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        python(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        closeBrackets(),
        syntaxHighlighting(classHighlighter),
        keymap.of([
          { key: "Shift-Enter", run: go },
          { key: "Mod-Enter", run: go },
          ...defaultKeymap,
          ...historyKeymap,
          indentWithTab, // Escape, then Tab, leaves the editor
        ]),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
      ],
    }),
  });
  return {
    read: () => view.state.doc.toString(),
    write: (text) =>
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    remove: () => view.destroy(),
  };
}
