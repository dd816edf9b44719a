// The signatures of OkHttp that generated clients call, to compile them against where no Maven repository is at hand.
@file:Suppress("unused", "UNUSED_PARAMETER")

package okhttp3

import java.io.Closeable
import java.io.File
import java.io.InputStream

private fun never(): Nothing = throw UnsupportedOperationException("signatures only")

interface Call {
    fun execute(): Response
    fun enqueue(responseCallback: Callback)
    fun interface Factory { fun newCall(request: Request): Call }
}

interface Callback

open class OkHttpClient : Call.Factory {
    override fun newCall(request: Request): Call = never()
    class Builder { fun build(): OkHttpClient = never() }
}

class HttpUrl private constructor() {
    val encodedPathSegments: List<String> get() = never()
    fun newBuilder(): Builder = never()
    class Builder {
        fun scheme(scheme: String): Builder = never()
        fun host(host: String): Builder = never()
        fun addPathSegment(pathSegment: String): Builder = never()
        fun addEncodedPathSegments(encodedPathSegments: String): Builder = never()
        fun addQueryParameter(name: String, value: String?): Builder = never()
        fun build(): HttpUrl = never()
    }
    companion object { @JvmStatic fun String.toHttpUrlOrNull(): HttpUrl? = never() }
}

class Headers private constructor() {
    fun toMultimap(): Map<String, List<String>> = never()
    class Builder {
        fun add(name: String, value: String): Builder = never()
        fun build(): Headers = never()
    }
    companion object { @JvmStatic fun Map<String, String>.toHeaders(): Headers = never() }
}

class MediaType private constructor() {
    companion object { @JvmStatic fun String.toMediaTypeOrNull(): MediaType? = never() }
}

abstract class RequestBody {
    companion object {
        @JvmStatic fun String.toRequestBody(contentType: MediaType? = null): RequestBody = never()
        @JvmStatic fun ByteArray.toRequestBody(contentType: MediaType? = null, offset: Int = 0, byteCount: Int = size): RequestBody = never()
        @JvmStatic fun File.asRequestBody(contentType: MediaType? = null): RequestBody = never()
    }
}

class FormBody private constructor() : RequestBody() {
    class Builder {
        fun add(name: String, value: String): Builder = never()
        fun build(): FormBody = never()
    }
}

class MultipartBody private constructor() : RequestBody() {
    class Builder {
        fun setType(type: MediaType): Builder = never()
        fun addPart(headers: Headers?, body: RequestBody): Builder = never()
        fun build(): MultipartBody = never()
    }
    companion object { val FORM: MediaType get() = never() }
}

class Request private constructor() {
    open class Builder {
        open fun url(url: HttpUrl): Builder = never()
        open fun headers(headers: Headers): Builder = never()
        open fun head(): Builder = never()
        open fun post(body: RequestBody): Builder = never()
        open fun put(body: RequestBody): Builder = never()
        open fun patch(body: RequestBody): Builder = never()
        open fun delete(body: RequestBody?): Builder = never()
        open fun method(method: String, body: RequestBody?): Builder = never()
        open fun build(): Request = never()
    }
}

abstract class ResponseBody : Closeable {
    fun string(): String = never()
    fun bytes(): ByteArray = never()
    fun byteStream(): InputStream = never()
    override fun close() = never()
}

class Response private constructor() : Closeable {
    val code: Int get() = never()
    val message: String get() = never()
    val headers: Headers get() = never()
    val body: ResponseBody? get() = never()
    val isSuccessful: Boolean get() = never()
    val isRedirect: Boolean get() = never()
    fun header(name: String, defaultValue: String? = null): String? = never()
    override fun close() = never()
}
