// Texts of MDX on standard input, as a list in JSON → the HTML of each, evaluated as a site generator does.
import { evaluate } from "@mdx-js/mdx";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import * as runtime from "react/jsx-runtime";

let given = "";
for await (const part of process.stdin) given += part;
const made = [];
for (const text of JSON.parse(given)) {
  const { default: Content } = await evaluate(text, { ...runtime });
  made.push(renderToStaticMarkup(createElement(Content)));
}
if (globalThis.pwn !== undefined) throw new Error("a text of the prompt was run");
process.stdout.write(JSON.stringify(made));
