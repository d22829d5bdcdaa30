<?php
/**
 * Plugin Name: Flashline
 * Description: The shortcode [flashline feed="en"], and addresses of Flashline as embeds.
 * Version: 1.2.0
 * Requires at least: 6.0
 * Requires PHP: 7.4
 * License: MIT
 *
 * Where Flashline is, in wp-config.php: define( 'FLASHLINE_URL', 'https://news.example' );
 * For feeds that are for partners, the key of this site: define( 'FLASHLINE_KEY', 'fp_…' );
 */

defined( 'ABSPATH' ) || exit;

/** The server, without a slash at its end; empty where none is named. */
function flashline_url(): string {
	$url = defined( 'FLASHLINE_URL' ) ? (string) FLASHLINE_URL : '';
	return preg_match( '#^https?://[^/\s]+/?$#i', $url ) ? rtrim( $url, '/' ) : '';
}

/** What a shortcode may say, and what each value must look like. */
function flashline_attributes(): array {
	$slugs = '/^[a-z0-9][a-z0-9-]{0,39}(,[a-z0-9][a-z0-9-]{0,39}){0,9}$/';
	return array(
		'section' => $slugs,
		'region'  => $slugs,
		'urgency' => '/^(flash|bulletin|urgent|routine)$/',
		'max'     => '/^[1-9][0-9]{0,2}$/',
		'mode'    => '/^(strip|list|crawl)$/',
		'theme'   => '/^(light|dark|auto)$/',
		'font'    => '/^own$/',
		'dir'     => '/^(ltr|rtl)$/',
		'lang'    => '/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/',
		'notices' => '/^([0-9]|[1-5][0-9]|60)$/',
	);
}

/** A value as the server writes it: small letters, and no blanks around commas: "City, Transport" is "city,transport". */
function flashline_folded( string $name, string $value ): string {
	$value = trim( $value );
	return 'lang' === $name ? $value : preg_replace( '/\s*,\s*/', ',', strtolower( $value ) );
}

/**
 * An invalid filter shows no lines, because the lines that it leaves out must not show. Editors see the reason,
 * readers see nothing.
 */
function flashline_refusal( string $name, string $value ): string {
	if ( ! current_user_can( 'edit_posts' ) ) {
		return '';
	}
	/* translators: 1: name of an attribute of the shortcode, 2: its value */
	$text = __( 'Flashline shows no lines here, because %1$s="%2$s" is not valid.', 'flashline' );
	return '<p><strong>' . esc_html( sprintf( $text, $name, $value ) ) . '</strong></p>';
}

/** [flashline feed="en" mode="strip"]: the element, and the frame for readers without JavaScript. */
function flashline_shortcode( $given ): string {
	$url   = flashline_url();
	$given = is_array( $given ) ? $given : array();
	$feed  = flashline_folded( 'feed', (string) ( $given['feed'] ?? 'en' ) );
	if ( '' === $url ) {
		return '';
	}
	if ( ! preg_match( '/^[a-z][a-z0-9-]{0,31}$/', $feed ) ) {
		return flashline_refusal( 'feed', $feed );
	}
	$chosen = array();
	foreach ( flashline_attributes() as $name => $pattern ) {
		$value = flashline_folded( $name, (string) ( $given[ $name ] ?? '' ) );
		if ( preg_match( $pattern, $value ) ) {
			$chosen[ $name ] = $value;
		} elseif ( '' !== $value && in_array( $name, array( 'section', 'region', 'urgency' ), true ) ) {
			return flashline_refusal( $name, $value );
		}
	}
	wp_enqueue_script( 'flashline' );

	$is_for_partners = 'yes' === ( $given['token'] ?? '' );
	$tokens          = $is_for_partners ? array( 'token-from' => rest_url( 'flashline/v1/token' ) ) : array();
	$element         = '';
	foreach ( array( 'src' => $url, 'feed' => $feed ) + $chosen + $tokens as $name => $value ) {
		$element .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
	}
	if ( $is_for_partners ) {
		// A frame would need a token in its address, and this page may be kept for longer than a token lives.
		return '<flashline-ticker' . $element . '></flashline-ticker>';
	}
	$frame = add_query_arg( array_map( 'rawurlencode', $chosen ), $url . '/embed/' . $feed );
	$high  = in_array( $chosen['mode'] ?? 'list', array( 'strip', 'crawl' ), true ) ? 64 : 420;
	return sprintf(
		'<flashline-ticker%1$s><a href="%2$s">%3$s</a><noscript><iframe src="%2$s" title="%3$s" width="100%%" height="%4$d" sandbox="allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox" loading="lazy" style="border:0"></iframe></noscript></flashline-ticker>',
		$element,
		esc_url( $frame ),
		esc_attr__( 'Breaking news', 'flashline' ),
		$high
	);
}

/**
 * A token for pages of this site, made with the key, which no page gets. Readers share it for a minute: a token lives for five.
 *
 * @return WP_REST_Response|WP_Error
 */
function flashline_token() {
	$token = get_transient( 'flashline_token' );
	if ( ! $token ) {
		$home   = wp_parse_url( home_url() );
		$port   = isset( $home['port'] ) ? ':' . $home['port'] : '';
		$answer = wp_remote_post(
			flashline_url() . '/v1/partner-tokens',
			array(
				'timeout' => 5,
				'headers' => array(
					'Authorization' => 'Bearer ' . FLASHLINE_KEY,
					'Content-Type'  => 'application/json',
				),
				'body'    => wp_json_encode( array( 'origin' => $home['scheme'] . '://' . $home['host'] . $port ) ),
			)
		);
		$token = json_decode( wp_remote_retrieve_body( $answer ), true )['token'] ?? '';
		if ( '' === $token ) {
			return new WP_Error( 'flashline_token', __( 'Flashline gives no token.', 'flashline' ), array( 'status' => 503 ) );
		}
		set_transient( 'flashline_token', $token, MINUTE_IN_SECONDS );
	}
	// A cache between would keep it for longer than a minute.
	return new WP_REST_Response( array( 'token' => $token ), 200, array( 'Cache-Control' => 'no-store' ) );
}

add_action(
	'rest_api_init',
	function (): void {
		if ( ! defined( 'FLASHLINE_KEY' ) || '' === flashline_url() ) {
			return;
		}
		register_rest_route(
			'flashline/v1',
			'/token',
			array(
				'methods'             => 'GET',
				'callback'            => 'flashline_token',
				// Readers of the site need no account.
				'permission_callback' => '__return_true',
			)
		);
	}
);

/** The page does not wait for the script; older WordPress has no word for that. */
function flashline_script_tag( string $tag, string $handle ): string {
	return 'flashline' === $handle ? str_replace( '<script ', '<script async ', $tag ) : $tag;
}

add_action(
	'init',
	function (): void {
		$url = flashline_url();
		if ( '' === $url ) {
			return;
		}
		add_shortcode( 'flashline', 'flashline_shortcode' );
		// A provider that is named is not put into a sandbox without an origin, so its frames are live.
		wp_oembed_add_provider( $url . '/embed/*', $url . '/oembed', false );
	}
);

add_action(
	'wp_enqueue_scripts',
	function (): void {
		// No version in the address: the server says for how long it may be kept.
		wp_register_script( 'flashline', flashline_url() . '/widget/v1.js', array(), null, true );
	}
);

add_filter( 'script_loader_tag', 'flashline_script_tag', 10, 2 );
