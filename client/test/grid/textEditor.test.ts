// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import type { EditorParts } from "../../src/grid/editors/cellEditor";
import { TextEditor } from "../../src/grid/editors/text";
import { translator } from "../../src/i18n/t";
import { Owner } from "../../src/lib/owner";
import type { PeerPresence } from "../../src/model/types";
import { column, FakePresence, FakeTable } from "./support/fakeTable";
import { compose, later, settled, type } from "./support/typing";

const intitule = column("intitule", "text");
const ref = { row: "r0", column: "intitule" };
let table: FakeTable;
let presence: FakePresence;
let notices: string[];
let peers: readonly PeerPresence[];
let owner: Owner;
const text = () => table.cell("r0", "intitule").value;
const theyWrite = (words: string) => table.byAnother(() => table.setText("r0", "intitule", words));

beforeEach(() => {
  table = new FakeTable([intitule], [{ intitule: "Animer une réunion" }]);
  presence = new FakePresence();
  notices = [];
  peers = [];
  owner = new Owner();
  document.body.replaceChildren();
});

function open(mode: EditorParts["mode"] = "full"): TextEditor {
  const editor = new TextEditor({
    table,
    t: translator("fr"),
    ref,
    column: intitule,
    mode,
    owner,
    presence,
    label: "intitulé",
    leave: () => {},
    grew: () => {},
    notice: (words) => notices.push(words),
    peers: () => peers,
  });
  document.body.append(editor.element);
  editor.field.focus();
  editor.field.setSelectionRange(editor.field.value.length, editor.field.value.length);
  return editor;
}

function close(editor: TextEditor, how: "commit" | "cancel"): void {
  editor[how]();
  owner.end();
}

describe("a text that opens", () => {
  it("takes letters before the document answers, and gives them when it does", async () => {
    const answer = later();
    table.textsOpen = answer.promise;
    const { field } = open();

    type(field, " publique");
    expect(text()).toBe("Animer une réunion");
    await answer.come();

    expect(text()).toBe("Animer une réunion publique");
  });

  it("merges them with what somebody else wrote meanwhile", async () => {
    const answer = later();
    table.textsOpen = answer.promise;
    const { field } = open();

    type(field, " publique");
    theyWrite("Bien animer une réunion");
    await answer.come();

    expect(text()).toBe("Bien animer une réunion publique");
    expect(field.value).toBe("Bien animer une réunion publique");
  });

  it("gives them even when it was left before the answer", async () => {
    const answer = later();
    table.textsOpen = answer.promise;
    const editor = open();

    type(editor.field, " publique");
    close(editor, "commit");
    await answer.come();

    expect(text()).toBe("Animer une réunion publique");
  });

  it("writes nothing when it was given up before the answer", async () => {
    const answer = later();
    table.textsOpen = answer.promise;
    const editor = open("replace");

    type(editor.field, "Z");
    close(editor, "cancel");
    await answer.come();

    expect(text()).toBe("Animer une réunion");
  });

  it("says the words it could not keep when the document refuses", async () => {
    table.locked.add("intitule");
    const answer = later();
    table.textsOpen = answer.promise;
    const { field } = open();

    type(field, "!");
    await answer.come();

    expect(notices.join()).toContain("Animer une réunion!");
    expect(field.readOnly).toBe(true);
  });
});

describe("two people in one text", () => {
  it("see each other's letters, and the caret stays with its own", async () => {
    const { field } = open();
    await settled();
    field.setSelectionRange(6, 6);

    theyWrite("Bien animer une réunion");
    type(field, "!");

    expect(text()).toBe("Bien animer! une réunion");
    expect(field.selectionStart).toBe(12);
  });

  it("do not tear a word that is being composed", async () => {
    const { field } = open();
    await settled();
    let duringComposition = "";

    compose(field, ["に", "日", "日本"], () => {
      theyWrite("Bien animer une réunion");
      duringComposition = field.value;
    });

    expect(duringComposition).toBe("Animer une réunion日本");
    expect(text()).toBe("Bien animer une réunion日本");
    expect(field.value).toBe("Bien animer une réunion日本");
  });

  it("keep what the other wrote when one gives up", async () => {
    const editor = open();
    await settled();

    type(editor.field, " publique");
    theyWrite("Bien animer une réunion publique");
    close(editor, "cancel");

    expect(text()).toBe("Bien animer une réunion");
  });

  it("keep what the other added to a text that one began to replace", async () => {
    const editor = open("replace");
    await settled();

    type(editor.field, "Z");
    theyWrite("Zut");
    close(editor, "cancel");

    expect(text()).toContain("Animer une réunion");
    expect(text()).toContain("ut");
  });

  it("show where they stand in it", async () => {
    peers = [
      {
        id: 1,
        name: "Léa",
        colour: 3,
        person: 1,
        self: false,
        at: { ...ref, editing: true, anchor: 6, head: 6 },
      },
    ];
    const editor = open();
    await settled();

    const mark = editor.element.querySelector(".caret");

    expect(mark?.textContent).toBe("Léa");
    expect(mark?.previousSibling?.textContent).toBe("Animer");
  });

  it("tell where their caret is", async () => {
    const { field } = open();
    await settled();
    field.setSelectionRange(2, 5);
    document.dispatchEvent(new Event("selectionchange"));

    expect(presence.told).toEqual({ ...ref, editing: true, anchor: 2, head: 5 });
  });
});

describe("undo in an open text", () => {
  it("takes back what was written here, and nothing older", async () => {
    table.setText("r0", "intitule", "Avant");
    table.endStep();
    const editor = open();
    await settled();
    type(editor.field, "!");

    const undo = () => editor.onKey(new KeyboardEvent("keydown", { key: "z", ctrlKey: true }));
    expect(undo()).toBe(true);
    expect(text()).toBe("Avant");
    expect(editor.field.value).toBe("Avant");

    undo();
    expect(text()).toBe("Avant");
  });
});
