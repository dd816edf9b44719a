// Reads every example of the contract as the generated model of its name, and writes it back.
import java.io.File
import kotlin.system.exitProcess
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.serializer
import org.nastavnik.client.infrastructure.Serializer

fun main(arguments: Array<String>) {
    // Left to itself the client sends every absent member as null, which a merge patch takes for a removal.
    Serializer.kotlinxSerializationJsonConfiguration = {
        explicitNulls = false
        ignoreUnknownKeys = false
        isLenient = false
    }
    val json = Serializer.kotlinxSerializationJson
    val examples = json.parseToJsonElement(File(arguments[0]).readText()).jsonObject
    val wrong = examples.count { (name, example) ->
        val model = json.serializersModule.serializer(Class.forName("org.nastavnik.client.models.$name"))
        val again = json.encodeToJsonElement(model, json.decodeFromJsonElement(model, example))
        if (!holds(example, again)) println("$name\n  was $example\n  is  $again")
        !holds(example, again)
    }
    println("${examples.size} examples, $wrong changed")
    if (wrong > 0 || examples.isEmpty()) exitProcess(1)
}

/** Whether what came back is the example; a model may add defaults. */
fun holds(example: JsonElement, again: JsonElement?): Boolean = when {
    example is JsonObject && again is JsonObject -> example.all { (name, it) -> holds(it, again[name]) }
    example is JsonArray && again is JsonArray ->
        example.size == again.size && example.zip(again).all { (was, now) -> holds(was, now) }
    else -> example == again
}
