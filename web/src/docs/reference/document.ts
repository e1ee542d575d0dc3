/** The parts of an OpenAPI 3.1 document that the reference shows. */
export interface Schema {
    $ref?: string;
    type?: string | string[];
    format?: string;
    description?: string;
    properties?: Record<string, Schema>;
    required?: string[];
    items?: Schema;
    enum?: unknown[];
    const?: unknown;
    anyOf?: Schema[];
    oneOf?: Schema[];
    allOf?: Schema[];
    default?: unknown;
    minLength?: number;
    maxLength?: number;
    minimum?: number;
    maximum?: number;
    minItems?: number;
    maxItems?: number;
    pattern?: string;
    additionalProperties?: boolean | Schema;
}

export interface Parameter {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: Schema;
    example?: unknown;
}

interface Content {
    schema?: Schema;
    example?: unknown;
}

export interface Answer {
    description: string;
    content?: Record<string, Content>;
}

export interface Operation {
    operationId: string;
    summary: string;
    description?: string;
    tags: string[];
    security?: Record<string, unknown>[];
    parameters?: Parameter[];
    requestBody?: { required?: boolean; content: Record<string, Content> };
    responses: Record<string, Answer>;
}

export interface Document {
    info: { title: string; summary?: string; description?: string };
    tags: { name: string; description: string }[];
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema>; securitySchemes: Record<string, Scheme> };
}

export interface Scheme {
    type: string;
    in?: string;
    name?: string;
    scheme?: string;
    description?: string;
}

export interface Found {
    method: string;
    path: string;
    operation: Operation;
}

export const AUDIENCES = ["senders", "citizens", "operations"] as const;
export type Audience = (typeof AUDIENCES)[number];

const read = new Map<Audience, Promise<Document>>();

/** Return the document of an audience, as this installation serves it. */
export function documentOf(audience: Audience): Promise<Document> {
    let found = read.get(audience);
    if (!found) {
        found = fetch(`/openapi.json?audience=${audience}`).then((answer) => {
            if (!answer.ok) throw new Error(String(answer.status));
            return answer.json() as Promise<Document>;
        });
        found.catch(() => read.delete(audience));
        read.set(audience, found);
    }
    return found;
}

export function operationsOf(document: Document): Found[] {
    return Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods)
            .filter(([, operation]) => "operationId" in operation)
            .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
}

/** Return the schema that a reference names, and its name. */
export function resolved(document: Document, schema: Schema): { schema: Schema; name?: string } {
    const name = schema.$ref?.split("/").pop();
    if (!name) return { schema };
    return { schema: { ...document.components.schemas[name], ...schema, $ref: undefined }, name };
}

/** Return the type of a value in a few words: `array of Message`, `string (date-time)`. */
export function typeOf(schema: Schema): string {
    const name = schema.$ref?.split("/").pop();
    if (name) return name;
    if (schema.items) return `array of ${typeOf(schema.items)}`;
    const several = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (several) return several.map(typeOf).join(" or ");
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" or ");
    const type = [schema.type ?? "any"].flat().join(" or ");
    return schema.format ? `${type} (${schema.format})` : type;
}

/** Return the rules of a value that its type does not say. */
export function rulesOf(schema: Schema): string {
    const rules: string[] = [];
    const between = (least: number | undefined, most: number | undefined, unit: string) => {
        if (least !== undefined && most !== undefined) rules.push(`${least} to ${most}${unit}`);
        else if (least !== undefined) rules.push(`at least ${least}${unit}`);
        else if (most !== undefined) rules.push(`at most ${most}${unit}`);
    };
    between(schema.minLength, schema.maxLength, " characters");
    between(schema.minimum, schema.maximum, "");
    between(schema.minItems, schema.maxItems, " items");
    if (schema.pattern) rules.push(`pattern ${schema.pattern}`);
    if (schema.default !== undefined) rules.push(`default ${JSON.stringify(schema.default)}`);
    return rules.join("; ");
}

/** Return the parts of a schema that have members of their own: the value, its items, its choices. */
export function partsOf(document: Document, schema: Schema): { name?: string; schema: Schema }[] {
    const found = resolved(document, schema);
    if (found.schema.properties) return [found];
    if (found.schema.items) return partsOf(document, found.schema.items);
    const several = found.schema.anyOf ?? found.schema.oneOf ?? found.schema.allOf ?? [];
    return several.flatMap((one) => partsOf(document, one));
}
