// `fetch`: the types of the other client, axios, do not fit answers with several statuses.
export default {
  nastavnik: {
    input: process.env.DOCUMENT,
    output: {
      target: "../../out/typescript/orval/api.ts",
      schemas: "../../out/typescript/orval/model",
      client: "fetch",
      mode: "tags-split",
    },
  },
};
