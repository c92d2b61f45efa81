/// <reference types="handlebars" />
// The parser alone: Handlebars publishes no types for it.
// https://github.com/handlebars-lang/handlebars.js/blob/v4.7.8/docs/compiler-api.md
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  export function parse(source: string): hbs.AST.Program;
}
